//! Devices by name: the one place that knows which backends were compiled in.

pub use synfire_dynamics::{instruction_set, is_gpu};

use crate::Error;
use burn::tensor::Device;

/// A device that this build can use.
#[derive(Clone, Debug)]
pub struct DeviceInfo {
    /// Name to ask for it by, `flex` or `wgpu:0`.
    pub name: String,
    /// Description of the device.
    pub about: String,
}

/// A kind of device that was compiled in.
struct Backend {
    name: &'static str,
    about: &'static str,
    /// The device without a number.
    open: fn() -> Device,
    /// The adapters of this kind, which can be asked for by number; `None` on the CPU.
    adapters: Option<fn() -> Vec<Device>>,
}

/// The fastest CPU backend first: it is the default.
#[allow(clippy::vec_init_then_push, unused_mut)]
fn backends() -> Vec<Backend> {
    #[cfg(feature = "wgpu")]
    use burn::tensor::{DeviceKind::DefaultDevice, DeviceType};
    let mut backends = Vec::new();
    #[cfg(feature = "flex")]
    backends.push(Backend { name: "flex", about: "CPU, Burn's flex backend", open: Device::flex, adapters: None });
    #[cfg(feature = "ndarray")]
    backends.push(Backend {
        name: "ndarray",
        about: "CPU, Burn's ndarray backend",
        #[allow(deprecated)] // Burn 0.22 names flex as its successor
        open: Device::ndarray,
        adapters: None,
    });
    #[cfg(feature = "wgpu")]
    backends.push(Backend {
        name: "wgpu",
        about: "GPU through wgpu, whichever of Vulkan, Metal and DirectX there is",
        open: || Device::wgpu(DefaultDevice),
        adapters: Some(|| Device::enumerate(DeviceType::Wgpu).into_vec()),
    });
    #[cfg(feature = "vulkan")]
    backends.push(Backend {
        name: "vulkan",
        about: "GPU through Vulkan, kernels compiled to SPIR-V",
        open: || Device::vulkan(DefaultDevice),
        adapters: Some(|| Device::enumerate(DeviceType::Vulkan).into_vec()),
    });
    #[cfg(feature = "metal")]
    backends.push(Backend {
        name: "metal",
        about: "Apple GPU through Metal",
        open: || Device::metal(DefaultDevice),
        adapters: Some(|| Device::enumerate(DeviceType::Metal).into_vec()),
    });
    #[cfg(feature = "cuda")]
    backends.push(Backend {
        name: "cuda",
        about: "NVIDIA GPU through CUDA",
        open: || Device::cuda(0),
        adapters: Some(|| Device::enumerate(burn::tensor::DeviceType::Cuda).into_vec()),
    });
    #[cfg(feature = "rocm")]
    backends.push(Backend {
        name: "rocm",
        about: "AMD GPU through ROCm",
        open: || Device::rocm(0),
        adapters: Some(|| Device::enumerate(burn::tensor::DeviceType::Rocm).into_vec()),
    });
    backends
}

/// Features that bring a kind of device.
const GPU_FEATURES: [&str; 5] = ["wgpu", "vulkan", "metal", "cuda", "rocm"];

/// The devices of this build, the default first; after each kind of GPU the adapters found.
#[must_use]
pub fn devices() -> Vec<DeviceInfo> {
    let mut devices = vec![];
    for backend in backends() {
        let adapters = adapters(&backend);
        let found = match (&backend.adapters, adapters.len()) {
            (Some(_), 0) => ", no adapter found",
            _ => "",
        };
        devices.push(DeviceInfo { name: backend.name.to_string(), about: format!("{}{found}", backend.about) });
        for (i, adapter) in adapters.iter().enumerate() {
            devices.push(DeviceInfo { name: format!("{}:{i}", backend.name), about: describe(adapter) });
        }
    }
    devices
}

/// The name of the default device, if this build has any.
#[must_use]
pub fn default() -> Option<&'static str> {
    backends().first().map(|backend| backend.name)
}

/// Whether a device computes in the memory of the host.
pub(crate) fn is_host(device: &Device) -> bool {
    let hosts = backends().into_iter().filter(|backend| backend.adapters.is_none());
    let device = device.clone().inner();
    hosts.into_iter().any(|backend| (backend.open)() == device)
}

/// Whether Burn adds tensors over several devices of this kind: on CUDA alone.
pub(crate) fn has_all_reduce(device: &Device) -> bool {
    let Some(cuda) = backends().into_iter().find(|backend| backend.name == "cuda") else { return false };
    adapters(&cuda).contains(&device.clone().inner())
}

/// The adapters of one kind; none where asking for them fails.
fn adapters(backend: &Backend) -> Vec<Device> {
    // drivers that are not there make some runtimes panic
    backend.adapters.and_then(|list| std::panic::catch_unwind(list).ok()).unwrap_or_default()
}

/// An adapter's name, and what it has beside single precision.
#[allow(unused_variables)]
fn describe(adapter: &Device) -> String {
    #[cfg(any(feature = "wgpu", feature = "cuda", feature = "rocm"))]
    {
        use burn::tensor::FloatDType;
        let adapter = adapter.clone();
        let described = std::panic::catch_unwind(move || {
            let name = adapter.identity().map_or_else(|| "unnamed adapter".to_string(), |identity| identity.name);
            let half = [("f16", FloatDType::F16), ("bf16", FloatDType::BF16)];
            let has = half.into_iter().filter(|(_, dtype)| adapter.supports_dtype(*dtype));
            has.fold(name, |text, (dtype, _)| format!("{text}, {dtype}"))
        });
        return described.unwrap_or_else(|_| "an adapter that could not be opened".to_string());
    }
    #[allow(unreachable_code)]
    String::new()
}

/// Opens several devices of one kind, `cuda:0,cuda:1`, or one.
///
/// # Errors
///
/// [`Error::Device`] as [`open`]; if one is named twice, or they are of different kinds.
pub fn open_all(names: &str) -> Result<Vec<Device>, Error> {
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    let refuse = |name: &str, problem: String| Err(Error::Device { name: name.to_string(), problem });
    let kind = |name: &str| name.split(':').next().map(str::to_string);
    for (i, name) in names.iter().enumerate() {
        if names[..i].contains(name) {
            return refuse(name, "is named twice; expected another device for each part of a batch".to_string());
        }
        if kind(name) != kind(names[0]) {
            let problem =
                format!("is of another kind than {}, and would compute other numbers; take one kind", names[0]);
            return refuse(name, problem);
        }
    }
    if let Some(name) = names.iter().find(|name| names.len() > 1 && !name.contains(':')) {
        return refuse(name, format!("does not say which one; expected for example `{name}:0,{name}:1`"));
    }
    names.into_iter().map(open).collect()
}

/// Opens a device by name: `flex`, `ndarray`, `wgpu`, `wgpu:1`, `cuda:0`.
///
/// A number counts the adapters in the order of [`devices`]; without one a GPU backend takes the best
/// that it finds.
///
/// # Errors
///
/// [`Error::Device`] if the name is unknown, the backend was not compiled in, or the device cannot be
/// opened.
pub fn open(name: &str) -> Result<Device, Error> {
    let refuse = |problem: String| Error::Device { name: name.to_string(), problem };
    if name.contains(',') {
        return Err(refuse("names several devices, which only a training takes; give one of them".to_string()));
    }
    let (kind, index) = match name.split_once(':') {
        None => (name, None),
        Some((kind, index)) => match index.parse::<usize>() {
            Ok(index) => (kind, Some(index)),
            Err(_) => return Err(refuse(format!("`{index}` is not a number; expected for example `{kind}:0`"))),
        },
    };
    let other = |b: &Backend| b.name != kind;
    let compiled = || backends().iter().filter(|b| other(b)).map(|b| b.name).collect::<Vec<_>>().join(", ");
    let Some(backend) = backends().into_iter().find(|b| b.name == kind) else {
        let problem = if GPU_FEATURES.contains(&kind) {
            format!("not in this build, which has {}; build with `--features {kind}`", compiled())
        } else {
            format!("no such device; this build has {}", compiled())
        };
        return Err(refuse(problem));
    };
    if index.is_some() && backend.adapters.is_none() {
        return Err(refuse(format!("`{kind}` has no numbered devices; ask for `{kind}`")));
    }
    let found = adapters(&backend);
    if backend.adapters.is_some() && index.unwrap_or(0) >= found.len() {
        return Err(refuse(match found.len() {
            0 => format!(
                "no adapter was found; is the driver installed? Without a GPU, Mesa's software driver serves wgpu \
                 (package mesa-vulkan-drivers); this build also has {}",
                compiled()
            ),
            1 => format!("there is no such adapter, only {kind}:0; see `synfire devices`"),
            count => format!("there is no such adapter, only {kind}:0 to {kind}:{}; see `synfire devices`", count - 1),
        }));
    }
    // Burn opens GPUs lazily and panics where that fails: try it here, where it can be said plainly
    let opened = std::panic::catch_unwind(|| {
        let device = index.map_or_else(backend.open, |index| found[index].clone());
        let probe: Result<f32, _> = burn::tensor::Tensor::<1>::ones([1], &device).try_into_scalar();
        probe.map(|_| device).map_err(|error| error.to_string())
    });
    match opened {
        Ok(Ok(device)) => Ok(device),
        Ok(Err(error)) => Err(refuse(format!("could not be opened: {error}"))),
        Err(_) => Err(refuse("could not be opened; is its driver installed and up to date?".to_string())),
    }
}
