//! The picture of a profile: the energy of each layer, by operation.

use crate::picture_file;
use std::path::Path;
use synfire::plot::{Bar, stacked_bars};
use synfire::profile::{LayerProfile, Profile};

/// Draws the layers and writes the picture.
pub(super) fn write(profile: &Profile, file: &Path) -> anyhow::Result<()> {
    let constants = profile.constants;
    let bar = |layer: &LayerProfile| {
        let [macs, acs, updates] =
            [layer.macs * constants.mac_pj, layer.acs * constants.ac_pj, layer.updates * constants.update_pj]
                .map(|pj| pj / 1e3);
        let rate = layer.firing_rate.map_or_else(String::new, |rate| format!(", {rate:.3} spikes per step"));
        Bar {
            name: format!("{} {}", layer.name, layer.about),
            parts: vec![macs, acs, updates],
            note: format!("{:.2} nJ{rate}", layer.energy_pj / 1e3),
        }
    };
    let bars: Vec<Bar> = profile.layers.iter().map(bar).collect();
    let title = format!("Energy per sample, {:.2} nJ", profile.total.energy_pj / 1e3);
    let picture =
        stacked_bars(&title, "nJ", &["multiply-accumulates", "synaptic operations", "updates of neurons"], &bars);
    picture_file::write(&picture, file)
}
