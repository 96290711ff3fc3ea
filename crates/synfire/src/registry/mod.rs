//! Things that have names: what configuration files, checkpoints and the command line choose from.
//!
//! Encoders, decoders, losses, generators, actions and rewards are all chosen alike: by a name and settings. A
//! kind is a trait; what is of that kind implements it and [`Named`], and stands in the kind's list.

mod component;
mod entry;
mod setting;

pub use component::Component;
pub use entry::{Entry, Registry};
pub use setting::BadSetting;

use core::fmt::Debug;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Something with a name. Its fields are its settings in configuration files, with `Default` for what is not
/// given there.
pub trait Named: Debug + Default + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Name in configuration files, lower case.
    const NAME: &'static str;
    /// What it is, in a few words.
    const ABOUT: &'static str;
    /// Other names it is known by.
    const ALIASES: &'static [&'static str] = &[];
}

/// A kind of things that have names: a trait object, such as `dyn Encode`.
pub trait ComponentKind: Send + Sync + 'static {
    /// What one of them is called, `encoder`.
    const WORD: &'static str;
    /// All of them.
    fn registry() -> &'static Registry<Self>;
}

/// Makes a trait a kind: its registry, its list of what is built in, and `register` for users' own.
macro_rules! kind {
    ($word:literal, $kind:ident, [$($part:ty),+ $(,)?]) => {
        static REGISTRY: $crate::registry::Registry<dyn $kind> =
            $crate::registry::Registry::new(|| vec![$(entry::<$part>()),+]);

        fn entry<P: $kind + $crate::registry::Named>() -> $crate::registry::Entry<dyn $kind> {
            $crate::registry::Entry::of::<P>(|settings| {
                let part: P = serde_json::from_value(settings)?;
                Ok(::std::sync::Arc::new(part) as ::std::sync::Arc<dyn $kind>)
            })
        }

        impl $crate::registry::ComponentKind for dyn $kind {
            const WORD: &'static str = $word;

            fn registry() -> &'static $crate::registry::Registry<Self> {
                &REGISTRY
            }
        }

        impl<P: $kind + $crate::registry::Named> From<P> for $crate::registry::Component<dyn $kind> {
            fn from(part: P) -> Self {
                $crate::registry::Component::of(::std::sync::Arc::new(part), |part| part as ::std::sync::Arc<dyn $kind>)
            }
        }

        /// All of them, by name.
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
