//! The neuron models, one file each: equations, parameters and states as in the paper.
//!
//! To add one, write a file like `lif.rs` and add its line below.

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
    lif::Lif,
    plif::Plif,
    clif::Clif,
    izhikevich::Izh,
    adex::Adex,
    glif::Glif,
    hh::Hh,
    lifstdp_ex::LifStdpEx,
    alifstdp_ex::AlifStdpEx,
    lifstdp_ih::LifStdpIh,
    meanfield::MeanField,
    simplerate::SimpleRate,
}
