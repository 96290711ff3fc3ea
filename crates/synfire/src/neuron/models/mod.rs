//! The neuron models, one file each: equations, parameters and states as in the paper.
//!
//! To add one, write a file like `lif.rs` and add its line below.

mod kernel;

use super::model::Entry;

/// Declares the modules of the models and lists the models.
macro_rules! models {
    ($($file:ident::$model:ident),* $(,)?) => {
        $( mod $file; pub use $file::*; )*

        /// The models that come with the library.
        pub(super) fn built_in() -> Vec<Entry> {
            vec![$( Entry::of::<$model>() ),*]
        }
    };
}

models! {
    integrate_and_fire::If,
    if_soft_reset::IfSoftReset,
    ifb::Ifb,
    non_spiking_ifb::NonSpikingIfb,
    null::Null,
    lif::Lif,
    plif::Plif,
    constant_current_lif::ConstantCurrentLif,
    non_spiking_lif::NonSpikingLif,
    lifm::Lifm,
    clif::Clif,
    clif2k::Clif2k,
    pclif::Pclif,
    aclif::Aclif,
}
