//! Devices by name: the one place that knows which backends were compiled in.

use crate::Error;
use burn::tensor::Device;

/// A device that this build can use.
#[derive(Clone, Debug)]
pub struct DeviceInfo {
    /// Name to ask for it by, `flex` or `wgpu:0`.
    pub name: String,
    /// What it is.
    pub about: String,
}

/// A kind of device that was compiled in.
struct Backend {
    name: &'static str,
    about: &'static str,
    /// Whether it has numbered devices.
    numbered: bool,
    open: fn(Option<usize>) -> Device,
}

/// The fastest CPU backend first: it is the default.
#[allow(clippy::vec_init_then_push, unused_mut)]
fn backends() -> Vec<Backend> {
    let mut backends = Vec::new();
    #[cfg(feature = "flex")]
    backends.push(Backend {
        name: "flex",
        about: "CPU, Burn's flex backend",
        numbered: false,
        open: |_| Device::flex(),
    });
    #[cfg(feature = "ndarray")]
    backends.push(Backend {
        name: "ndarray",
        about: "CPU, Burn's ndarray backend",
        numbered: false,
        #[allow(deprecated)] // Burn 0.22 names flex as its successor
        open: |_| Device::ndarray(),
    });
    #[cfg(feature = "wgpu")]
    backends.push(Backend {
        name: "wgpu",
        about: "GPU through wgpu (WebGPU, Vulkan, Metal)",
        numbered: true,
        open: |index| match index {
            None => Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
            Some(index) => Device::wgpu(burn::tensor::DeviceKind::DiscreteGpu(index)),
        },
    });
    #[cfg(feature = "cuda")]
    backends.push(Backend {
        name: "cuda",
        about: "NVIDIA GPU through CUDA",
        numbered: true,
        open: |index| Device::cuda(index.unwrap_or(0)),
    });
    backends
}

/// The devices of this build, the default first.
#[must_use]
pub fn devices() -> Vec<DeviceInfo> {
    let info = |b: &Backend| DeviceInfo {
        name: if b.numbered { format!("{}[:n]", b.name) } else { b.name.to_string() },
        about: b.about.to_string(),
    };
    backends().iter().map(info).collect()
}

/// Opens a device by name: `flex`, `ndarray`, `wgpu`, `wgpu:1`, `cuda:0`.
///
/// # Errors
///
/// [`Error::Device`] if the name is unknown, the backend was not compiled in, or the device cannot be
/// opened.
pub fn open(name: &str) -> Result<Device, Error> {
    let refuse = |problem: String| Error::Device { name: name.to_string(), problem };
    let (kind, index) = match name.split_once(':') {
        None => (name, None),
        Some((kind, index)) => match index.parse() {
            Ok(index) => (kind, Some(index)),
            Err(_) => return Err(refuse(format!("`{index}` is not a number; expected for example `{kind}:0`"))),
        },
    };
    let compiled = || backends().iter().map(|b| b.name).collect::<Vec<_>>().join(", ");
    let Some(backend) = backends().into_iter().find(|b| b.name == kind) else {
        let problem = match kind {
            "wgpu" | "vulkan" | "metal" | "cuda" => {
                format!("not in this build, which has {}; build with `--features {kind}`", compiled())
            }
            _ => format!("no such device; this build has {}", compiled()),
        };
        return Err(refuse(problem));
    };
    if index.is_some() && !backend.numbered {
        return Err(refuse(format!("`{kind}` has no numbered devices; ask for `{kind}`")));
    }
    // Burn opens GPUs lazily and panics where there is none: try it here, where it can be said plainly
    let opened = std::panic::catch_unwind(|| {
        let device = (backend.open)(index);
        let probe: Result<f32, _> = burn::tensor::Tensor::<1>::ones([1], &device).try_into_scalar();
        probe.map(|_| device).map_err(|error| error.to_string())
    });
    match opened {
        Ok(Ok(device)) => Ok(device),
        Ok(Err(error)) => Err(refuse(format!("could not be opened: {error}"))),
        Err(_) => Err(refuse(
            "could not be opened; is there such an adapter and its driver? `synfire devices` lists what this build has"
                .to_string(),
        )),
    }
}
