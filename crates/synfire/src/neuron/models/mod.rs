//! The neuron models, one file each: equations, parameters and states as in the paper.
//!
//! A new model is a file like `lif.rs` and a line below.

mod darwin;
pub(crate) mod explicit;
mod integer;
mod kernel;
mod spike_time;

pub use spike_time::SpikeTimeInput;

use super::model::Entry;

/// Declares the modules of the models and lists the models.
macro_rules! models {
    ($($file:ident::$model:ident),* $(,)?) => {
        $( mod $file; pub use $file::*; )*

        /// The built-in models.
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
    relay::Relay,
    lif::Lif,
    plif::Plif,
    euler_lif::EulerLif,
    leaky_integrator::LeakyIntegrator,
    cuba_lif::CubaLif,
    cuba_li::CubaLi,
    constant_current_lif::ConstantCurrentLif,
    non_spiking_lif::NonSpikingLif,
    lifm::Lifm,
    clif::Clif,
    clif2k::Clif2k,
    pclif::Pclif,
    aclif::Aclif,
    cann_field::CannField,
    diehl_cook::DiehlCook,
    lifint::Lifint,
    darwin_clif::DarwinClif,
    darwin_alif::DarwinAlif,
    darwin_random::DarwinRandom,
    qlif::Qlif,
    slif::Slif,
    selif::Selif,
    selifdebug::Selifdebug,
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
