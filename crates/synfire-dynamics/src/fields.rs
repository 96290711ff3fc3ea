//! Records of named values: the parameters, coefficients, states and inputs of a model.

/// A record: a struct of named fields, all of type `R`.
///
/// Made by [`record!`](crate::record); a single value is a record of one field.
pub trait Fields<R: Copy>: Copy {
    /// Name, default, unit, range and description of each field, in order.
    const INFO: &'static [FieldInfo];

    /// Number of fields.
    const LEN: usize = Self::INFO.len();

    /// Builds the record from the value of each field, in order.
    fn from_fn(f: impl FnMut(usize) -> R) -> Self;

    /// Value of the field at `index`, which must be below [`LEN`](Self::LEN).
    fn get(&self, index: usize) -> R;
}

/// Name, default, unit, range and description of one field of a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldInfo {
    /// Name, as in configuration files and checkpoints.
    pub name: &'static str,
    /// Default value; for a state its resting value. `None` where the model decides.
    pub default: Option<f32>,
    /// Unit, empty if dimensionless.
    pub unit: &'static str,
    /// Exclusive lower bound: values at or below it are refused, and a learnable parameter never reaches it.
    pub above: Option<f32>,
    /// Description.
    pub doc: &'static str,
}

impl<R: Copy> Fields<R> for R {
    const INFO: &'static [FieldInfo] =
        &[FieldInfo { name: "current", default: None, unit: "", above: None, doc: "input current" }];

    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> R) -> Self {
        f(0)
    }
    #[inline(always)]
    fn get(&self, _: usize) -> R {
        *self
    }
}

/// Declares a [record](Fields) with one doc line, default, unit and range per field.
///
/// ```
/// use synfire_dynamics::{record, Fields};
///
/// record! {
///     /// Parameters of a leaky integrator.
///     pub struct LeakyParams {
///         /// membrane time constant
///         tau_m: 20.0 [ms] > 0.0,
///         /// potential towards which it leaks
///         v_rest: -65.0 [mV],
///         /// width of the surrogate
///         alpha: auto,
///     }
/// }
/// let info = <LeakyParams<f32> as Fields<f32>>::INFO;
/// assert_eq!((info[0].name, info[0].unit, info[0].above), ("tau_m", "ms", Some(0.0)));
/// assert_eq!(info[1].default, Some(-65.0));
/// assert_eq!(info[0].doc, "membrane time constant");
/// ```
#[macro_export]
macro_rules! record {
    ($(#[$attr:meta])* $vis:vis struct $name:ident {
        $( #[doc = $doc:literal] $field:ident : $default:tt $($number:literal)? $([$unit:ident])? $(> $above:literal)? ),* $(,)?
    }) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Debug)]
        $vis struct $name<R> {
            $( #[doc = $doc] pub $field: R, )*
        }

        impl<R: Copy> $crate::Fields<R> for $name<R> {
            const INFO: &'static [$crate::FieldInfo] = &[$(
                $crate::FieldInfo {
                    name: stringify!($field),
                    default: $crate::record!(@default $default $($number)?),
                    unit: concat!($(stringify!($unit))?),
                    above: $crate::record!(@above $($above)?),
                    doc: $doc.trim_ascii(),
                },
            )*];

            #[inline(always)]
            #[allow(unused_assignments, unused_mut, unused_variables)]
            fn from_fn(mut f: impl FnMut(usize) -> R) -> Self {
                let mut index = 0;
                $( let $field = f(index); index += 1; )*
                Self { $($field),* }
            }

            #[inline(always)]
            #[allow(unused_assignments, unused_mut, unused_variables)]
            fn get(&self, index: usize) -> R {
                let mut field = 0;
                $( if field == index { return self.$field; } field += 1; )*
                unreachable!("{} has no field {index}", stringify!($name))
            }
        }
    };
    (@default auto) => { None };
    (@default - $number:literal) => { Some(-$number) };
    (@default $number:literal) => { Some($number) };
    (@above) => { None };
    (@above $above:literal) => { Some($above) };
}
