//! The fonts that come along, and those of the machine for scripts that they lack.

use std::collections::HashMap;
use std::sync::Arc;

use fontique::{Blob, GenericFamily};
use krilla::text::Font;
use parley::{FontContext, FontData, LayoutContext};

use super::paragraphs::Ink;

/// For text.
pub(super) const SANS: &str = "DejaVu Sans";
/// For code.
pub(super) const MONO: &str = "DejaVu Sans Mono";

pub(in crate::export) struct Fonts {
    pub(super) found: FontContext,
    pub(super) scratch: LayoutContext<Ink>,
}

impl Fonts {
    pub fn find() -> Self {
        Self::beside(FontContext::new())
    }

    /// Those that come along, on a machine that has none.
    #[cfg(test)]
    pub fn bundled() -> Self {
        let options = fontique::CollectionOptions {
            system_fonts: false,
            ..fontique::CollectionOptions::default()
        };
        Self::beside(FontContext {
            collection: fontique::Collection::new(options),
            ..FontContext::default()
        })
    }

    fn beside(mut found: FontContext) -> Self {
        for bytes in [
            dejavu::sans::regular(),
            dejavu::sans::bold(),
            dejavu::sans::oblique(),
            dejavu::sans::bold_oblique(),
            dejavu::sans_mono::regular(),
        ] {
            let families = found
                .collection
                .register_fonts(Blob::new(Arc::new(bytes)), None);
            let ids = families.into_iter().map(|(family, _)| family);
            found
                .collection
                .append_generic_families(GenericFamily::SansSerif, ids);
        }
        Self {
            found,
            scratch: LayoutContext::new(),
        }
    }
}

/// Fonts as they come into one file.
#[derive(Default)]
pub(super) struct Embedded(HashMap<(u64, u32), Option<Font>>);

impl Embedded {
    /// One that cannot be read is left out.
    pub fn font(&mut self, data: &FontData) -> Option<Font> {
        let (bytes, id) = data.data.clone().into_raw_parts();
        let known = self.0.entry((id, data.index));
        known
            .or_insert_with(|| Font::new(bytes.into(), data.index))
            .clone()
    }
}
