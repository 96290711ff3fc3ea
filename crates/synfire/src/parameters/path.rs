//! The way to a parameter through the modules around it.

use burn::module::Param;
use burn::tensor::Tensor;

/// Layers that keep the weights which PyTorch calls `[outputs, inputs]` as `[inputs, outputs]`.
const TRANSPOSED: [&str; 2] = ["Struct:Linear", "Struct:EventLinear"];

/// The modules and the field that a visitor is in.
#[derive(Debug, Default)]
pub(crate) struct Path(Vec<Step>);

/// A field, and the type that it belongs to.
#[derive(Debug)]
struct Step {
    field: String,
    container: String,
}

impl Path {
    pub(crate) fn enter(&mut self, field: &str, container: &str) {
        self.0.push(Step { field: field.to_string(), container: container.to_string() });
    }

    pub(crate) fn exit(&mut self) {
        self.0.pop();
    }

    /// `layers.0.weight`
    pub(crate) fn name(&self) -> String {
        // a variant says which type a field has, not which field it is
        let fields = self.0.iter().filter(|step| !step.container.starts_with("Enum:"));
        fields.map(|step| step.field.as_str()).collect::<Vec<_>>().join(".")
    }

    /// Whether the parameter of this field is the weight of all-to-all connections, kept as `[inputs, outputs]`.
    fn is_transposed<const D: usize>(&self) -> bool {
        D == 2 && self.0.last().is_some_and(|s| s.field == "weight" && TRANSPOSED.contains(&s.container.as_str()))
    }

    /// Values in PyTorch's order of axes from those in Burn's, or the other way round.
    pub(crate) fn reordered<const D: usize>(&self, values: Tensor<D>) -> Tensor<D> {
        if self.is_transposed::<D>() { values.swap_dims(0, 1) } else { values }
    }

    /// Shape of a parameter in PyTorch's order of axes.
    pub(crate) fn shape<const D: usize>(&self, param: &Param<Tensor<D>>) -> Vec<usize> {
        let mut shape = param.val().dims().to_vec();
        if self.is_transposed::<D>() {
            shape.reverse();
        }
        shape
    }
}

/// The two methods of Burn's visitors and mappers that follow the path.
macro_rules! follow_path {
    () => {
        fn enter_module(&mut self, name: &str, container: &str) {
            self.path.enter(name, container);
        }

        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.exit();
        }
    };
}

pub(crate) use follow_path;
