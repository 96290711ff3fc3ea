//! Files with one recording of events each.

pub(super) mod aedat2;
pub(super) mod aedat3;
mod atis;
mod csv;
mod dat;
mod evt2;
mod evt3;
mod header;
mod slayer;

use super::SampleFormat;

/// All of them; those that are known by their beginning come first.
pub(super) const FORMATS: &[SampleFormat] = &[
    aedat2::FORMAT,
    aedat3::FORMAT,
    evt3::FORMAT,
    evt2::FORMAT,
    dat::FORMAT,
    csv::FORMAT,
    slayer::FORMAT,
    atis::FORMAT,
];
