//! Components by name: encoders, decoders, losses, layer kinds and all else that configuration files, checkpoints
//! and the command line choose by a name and settings.
//!
//! A kind of component is a trait, such as [`Encode`](crate::coding::Encode). A component implements it and [`Named`],
//! and stands in the kind's list, or is registered by the user; its fields are its settings.

mod component;
mod entry;
mod finite;
mod keys;
mod registered;
mod setting;
#[cfg(test)]
mod tests;
mod words;

pub use component::Component;
pub use entry::Entry;
pub(crate) use finite::finite;
pub use registered::{Registered, Registry};
pub use setting::BadSetting;
pub use words::plain;
pub(crate) use words::word_or_table;

use core::fmt::Debug;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A component with a name. Its fields are its settings in configuration files, and `Default` has the values of those
/// that are not given there. A field without a default is an `Option` that is written as null.
pub trait Named: Debug + Default + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Name in configuration files, lower case.
    const NAME: &'static str;
    /// Description in a few words.
    const ABOUT: &'static str;
    /// Other names it is known by.
    const ALIASES: &'static [&'static str] = &[];
    /// The setting that the name itself carries where it stands as a key: `conv2d = 12` sets `channels`. Its value is
    /// not a table.
    const PRINCIPAL: Option<&'static str> = None;
    /// Whether it takes settings beyond those that its default has, which then reach serde as they are: collect them
    /// by `#[serde(flatten)]`.
    const OPEN: bool = false;
}

/// A kind of components: a trait object, such as `dyn Encode`.
pub trait ComponentKind: Send + Sync + 'static {
    /// Word for one of them in messages, `encoder`.
    const WORD: &'static str;
    /// All components of the kind.
    fn registry() -> &'static Registry<Entry<Self>>;
}

/// Makes a trait a kind of components: its registry, its list of those that are built in, `all`, and `register` for
/// users' own.
macro_rules! kind {
    ($word:literal, $kind:ident, [$($component:ty),+ $(,)?]) => {
        static REGISTRY: $crate::registry::Registry<$crate::registry::Entry<dyn $kind>> =
            $crate::registry::Registry::new(|| vec![$(entry::<$component>()),+]);

        fn entry<P: $kind + $crate::registry::Named>() -> $crate::registry::Entry<dyn $kind> {
            $crate::registry::Entry::of::<P>(|settings| {
                let component: P = serde_json::from_value(settings)?;
                Ok(::std::sync::Arc::new(component) as ::std::sync::Arc<dyn $kind>)
            })
        }

        impl $crate::registry::ComponentKind for dyn $kind {
            const WORD: &'static str = $word;

            fn registry() -> &'static $crate::registry::Registry<$crate::registry::Entry<Self>> {
                &REGISTRY
            }
        }

        impl<P: $kind + $crate::registry::Named> From<P> for $crate::registry::Component<dyn $kind> {
            fn from(component: P) -> Self {
                $crate::registry::Component::of(::std::sync::Arc::new(component), |component| {
                    component as ::std::sync::Arc<dyn $kind>
                })
            }
        }

        #[doc = concat!("Every ", $word, " that has a name, built in or registered, in the order of their names.")]
        #[must_use]
        pub fn all() -> Vec<$crate::registry::Entry<dyn $kind>> {
            REGISTRY.all()
        }

        #[doc = concat!("Makes a ", $word, " of your own usable by its name, in configuration files and checkpoints.")]
        ///
        /// # Errors
        ///
        /// [`Error::NameTaken`](crate::Error::NameTaken) if its name or one of its aliases is taken.
        pub fn register<P: $kind + $crate::registry::Named>() -> Result<(), $crate::Error> {
            REGISTRY.add(entry::<P>())
        }
    };
}
pub(crate) use kind;
