//! `synfire devices`: what this build can compute on.

use crate::{output::Output, table::Table};
use serde::Serialize;
use std::fmt;

#[derive(Serialize)]
struct Device {
    name: String,
    about: String,
    default: bool,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Devices(Vec<Device>);

pub(crate) fn run(output: Output) -> anyhow::Result<()> {
    let devices = synfire::device::devices().into_iter().enumerate();
    let devices = devices.map(|(i, device)| Device { name: device.name, about: device.about, default: i == 0 });
    output.print(&Devices(devices.collect()))
}

impl fmt::Display for Devices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["device", "about"]);
        for device in &self.0 {
            let default = if device.default { " (default)" } else { "" };
            table.row([device.name.clone(), format!("{}{default}", device.about)]);
        }
        write!(f, "{table}")
    }
}
