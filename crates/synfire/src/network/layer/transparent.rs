//! Modules whose path leaves out the names of some fields.

/// Implements Burn's `Module` for a struct. Parameters of `inner` fields keep the path of the struct itself, those of
/// `named` fields have the field's name in front, `plain` fields have none.
macro_rules! transparent_module {
    ($name:ident { inner: [$($inner:ident),*], named: [$($named:ident),*], plain: [$($plain:ident),*] $(,)? }) => {
        impl ::burn::module::ModuleDisplayDefault for $name {
            fn content(&self, content: ::burn::module::Content) -> Option<::burn::module::Content> {
                content.add_formatted(&format!("{self:?}")).optional()
            }
        }

        impl ::burn::module::ModuleDisplay for $name {}

        impl ::burn::module::Module for $name {
            fn collect_devices(&self, devices: Vec<::burn::tensor::Device>) -> Vec<::burn::tensor::Device> {
                $(let devices = self.$inner.collect_devices(devices);)*
                $(let devices = self.$named.collect_devices(devices);)*
                devices
            }

            fn fork(self, device: &::burn::tensor::Device) -> Self {
                let _ = device; // a layer may have nothing to move
                $name {
                    $($inner: ::burn::module::Module::fork(self.$inner, device),)*
                    $($named: ::burn::module::Module::fork(self.$named, device),)*
                    $($plain: self.$plain,)*
                }
            }

            fn to_device(self, device: &::burn::tensor::Device) -> Self {
                let _ = device; // a layer may have nothing to move
                $name {
                    $($inner: ::burn::module::Module::to_device(self.$inner, device),)*
                    $($named: ::burn::module::Module::to_device(self.$named, device),)*
                    $($plain: self.$plain,)*
                }
            }

            fn train(self) -> Self {
                $name {
                    $($inner: ::burn::module::Module::train(self.$inner),)*
                    $($named: ::burn::module::Module::train(self.$named),)*
                    $($plain: self.$plain,)*
                }
            }

            fn valid(&self) -> Self {
                $name {
                    $($inner: ::burn::module::Module::valid(&self.$inner),)*
                    $($named: ::burn::module::Module::valid(&self.$named),)*
                    $($plain: self.$plain.clone(),)*
                }
            }

            fn materialize(self) -> Self {
                $name {
                    $($inner: ::burn::module::Module::materialize(self.$inner),)*
                    $($named: ::burn::module::Module::materialize(self.$named),)*
                    $($plain: self.$plain,)*
                }
            }

            fn visit<V: ::burn::module::ModuleVisitor>(&self, visitor: &mut V) {
                let _ = &visitor;
                $(::burn::module::Module::visit(&self.$inner, visitor);)*
                $(
                    visitor.enter_module(stringify!($named), concat!("Struct:", stringify!($name)));
                    ::burn::module::Module::visit(&self.$named, visitor);
                    visitor.exit_module(stringify!($named), concat!("Struct:", stringify!($name)));
                )*
            }

            fn map<M: ::burn::module::ModuleMapper>(self, mapper: &mut M) -> Self {
                let _ = &mapper;
                $(let $inner = ::burn::module::Module::map(self.$inner, mapper);)*
                $(
                    mapper.enter_module(stringify!($named), concat!("Struct:", stringify!($name)));
                    let $named = ::burn::module::Module::map(self.$named, mapper);
                    mapper.exit_module(stringify!($named), concat!("Struct:", stringify!($name)));
                )*
                $name { $($inner,)* $($named,)* $($plain: self.$plain,)* }
            }
        }
    };
}
pub(in crate::network) use transparent_module;
