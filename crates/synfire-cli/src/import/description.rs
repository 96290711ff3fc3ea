//! The description of a network, in a file of its own or in a configuration of a training.

use anyhow::Context;
use std::path::Path;
use synfire::network::NetworkConfig;
use synfire::train::TrainConfig;
use synfire_data::DataOptions;

/// A network, and how its samples are read.
pub(super) struct Described {
    pub(super) config: NetworkConfig,
    pub(super) options: DataOptions,
}

/// Reads a configuration of `synfire train`, or what stands under its `[network]` alone.
pub(super) fn read(path: &Path) -> anyhow::Result<Described> {
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("{}: could not be read; expected the description of a network in TOML or JSON", path.display())
    })?;
    let is_alone = match toml::from_str::<toml::Table>(&text) {
        Ok(table) => !table.contains_key("network") && table.contains_key("layers"),
        Err(_) => false,
    };
    if is_alone {
        let config = toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
        return Ok(Described { config, options: DataOptions::default() });
    }
    let config = TrainConfig::read(path)?;
    let options = crate::inputs::reading(&config);
    Ok(Described { config: config.network, options })
}
