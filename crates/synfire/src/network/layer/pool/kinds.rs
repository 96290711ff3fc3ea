//! The three kinds of a pooling: along series, over pictures, over everything.

/// Makes the layer kinds of a reduction.
macro_rules! pool_kinds {
    (
        $reduction:ident, $about:literal,
        $series:ident = $series_name:literal $(| $series_alias:literal)?, $series_doc:literal;
        $pictures:ident = $pictures_name:literal $(| $pictures_alias:literal)?, $pictures_doc:literal;
        $global:ident = $global_name:literal, $global_doc:literal;
    ) => {
        pool_kinds!(@moving $reduction, $about, $series, $series_name [$($series_alias)?], $series_doc, 1, over_series, "series");
        pool_kinds!(@moving $reduction, $about, $pictures, $pictures_name [$($pictures_alias)?], $pictures_doc, 2, over_pictures, "pictures");

        #[doc = $global_doc]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct $global {}

        impl Named for $global {
            const NAME: &'static str = $global_name;
            const ABOUT: &'static str = concat!($about, " of each channel");
        }

        impl LayerKind for $global {
            fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
                Ok(over_all(input)?.1)
            }

            fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
                let (window, _) = over_all(site.input).map_err(|problem| Error::config(site.path, problem))?;
                let (reduction, picture) = (Reduction::$reduction, as_picture(site.input));
                Ok(PoolLayer { reduction, window, picture, name: $global_name }.into())
            }
        }
    };

    (@moving $reduction:ident, $about:literal, $kind:ident, $name:literal [$($alias:literal)?], $doc:literal, $axes:literal, $over:ident, $of:literal) => {
        #[doc = $doc]
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct $kind {
            /// Size of the window.
            pub kernel: PerAxis,
            /// Step of the window; its size if not given.
            pub stride: Option<PerAxis>,
            /// Rows and columns around the sample, at most half of the window.
            pub padding: PerAxis,
        }

        impl Default for $kind {
            fn default() -> Self {
                $kind { kernel: PerAxis::All(2), stride: None, padding: PerAxis::All(0) }
            }
        }

        impl Named for $kind {
            const NAME: &'static str = $name;
            const ALIASES: &'static [&'static str] = &[$($alias)?];
            const ABOUT: &'static str = concat!($about, " of each window of ", $of);
            const PRINCIPAL: Option<&'static str> = Some("kernel");
        }

        impl $kind {
            fn moving(&self) -> Moving<'_> {
                Moving { kernel: &self.kernel, stride: self.stride.as_ref(), padding: &self.padding }
            }

            /// Its window over samples of this shape, and their shape after it.
            pub(crate) fn window(&self, input: &Shape) -> Result<(Window2d, Shape), String> {
                self.moving().$over(input)
            }
        }

        impl LayerKind for $kind {
            fn check(&self) -> Result<(), BadSetting> {
                self.moving().check($axes)
            }

            fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
                Ok(self.window(input)?.1)
            }

            fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
                let (window, _) = self.window(site.input).map_err(|problem| Error::config(site.path, problem))?;
                let picture = match $axes {
                    1 => site.input_series().map(|[channels, length]| [channels, 1, length])?,
                    _ => site.input_picture()?,
                };
                Ok(PoolLayer { reduction: Reduction::$reduction, window, picture, name: $name }.into())
            }
        }
    };
}
pub(super) use pool_kinds;
