//! The neuron models, one file each: equations, parameters and states as in the paper.
//!
//! To add one, write a file like `lif.rs` and add its line below.

use super::model::Entry;

mod darwin;
mod spike_time;
mod whole;

pub use spike_time::SpikeTimeInput;

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
    cann_field::CannField,
    diehlandcook::Diehlandcook,
    lifint::Lifint,
    darwin_clif::DarwinClif,
    darwin_alif::DarwinAlif,
    darwin_random::DarwinRandom,
    qlif::Qlif,
    slif::Slif,
    selif::Selif,
    selifdebug::Selifdebug,
}
