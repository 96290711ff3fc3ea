//! Functions and classes that pickles of state dicts name.

use crate::exchange::element::Element;

/// A function or class, by its name. None is ever called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callee {
    OrderedDict,
    /// Makes a parameter of its first argument, a tensor.
    Parameter,
    /// Makes a shape of its first argument, a tuple.
    Shape,
    Tensor,
    /// Class of a storage, or type of elements.
    Element(Element),
    /// Any other; what it would make is of no interest.
    Other,
}

impl Callee {
    pub(super) fn named(module: &str, name: &str) -> Self {
        let element = match (module, name) {
            ("collections", "OrderedDict") | ("builtins" | "__builtin__", "dict") => return Callee::OrderedDict,
            ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") => return Callee::Parameter,
            ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2" | "_rebuild_tensor_v3") => return Callee::Tensor,
            ("torch", "Size") => return Callee::Shape,
            ("torch", "DoubleStorage" | "float64") => Element::F64,
            ("torch", "FloatStorage" | "float32") => Element::F32,
            ("torch", "HalfStorage" | "float16") => Element::F16,
            ("torch", "BFloat16Storage" | "bfloat16") => Element::BF16,
            ("torch", "LongStorage" | "int64") => Element::I64,
            ("torch", "IntStorage" | "int32") => Element::I32,
            ("torch", "ShortStorage" | "int16") => Element::I16,
            ("torch", "CharStorage" | "int8") => Element::I8,
            ("torch", "ByteStorage" | "uint8") => Element::U8,
            ("torch", "BoolStorage" | "bool") => Element::Bool,
            _ => return Callee::Other,
        };
        Callee::Element(element)
    }
}
