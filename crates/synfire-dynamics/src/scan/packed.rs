//! The tensors of a scan as kernels see them: those of a kind packed into one, along a new first axis.

/// The operands of a scan, or their gradients.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operands<T> {
    /// Inputs of all steps, `[I, T, B, N]`, or `[I, 1, B, N]` where they are constant.
    pub(crate) inputs: T,
    /// Values of all parameters, one parameter after the other.
    pub(crate) params: T,
    /// States before the first step, `[S, B, N]`, or `[S, 1, 1]` where all neurons start from the same state.
    pub(crate) initial: T,
}

/// The results of a scan, or the gradients of the loss with respect to them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Results<T> {
    /// Output of every step, `[T, B, N]`.
    pub(crate) output: T,
    /// The recorded states after every step, `[K, T, B, N]`.
    pub(crate) traces: T,
    /// All states after the last step, `[S, B, N]`.
    pub(crate) finals: T,
}

/// Implements methods that work field by field on a struct of three fields of one type.
macro_rules! by_field {
    ($name:ident { $($field:ident),* }) => {
        #[allow(dead_code)] // not every method is needed of both structs
        impl<T> $name<T> {
            pub(crate) fn map<U>(self, mut f: impl FnMut(T) -> U) -> $name<U> {
                $name { $($field: f(self.$field)),* }
            }

            pub(crate) fn zip<U>(self, other: $name<U>) -> $name<(T, U)> {
                $name { $($field: (self.$field, other.$field)),* }
            }

            pub(crate) fn as_ref(&self) -> $name<&T> {
                $name { $($field: &self.$field),* }
            }

            pub(crate) fn as_mut(&mut self) -> $name<&mut T> {
                $name { $($field: &mut self.$field),* }
            }

            pub(crate) fn into_array(self) -> [T; 3] {
                [$(self.$field),*]
            }

            pub(crate) fn from_array([$($field),*]: [T; 3]) -> Self {
                $name { $($field),* }
            }
        }
    };
}
pub(super) use by_field;
by_field!(Operands { inputs, params, initial });
by_field!(Results { output, traces, finals });
