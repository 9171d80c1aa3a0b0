//! The bundled fonts, and system fonts for scripts that they lack.

use std::collections::HashMap;
use std::sync::Arc;

use fontique::{Blob, GenericFamily};
use krilla::text::Font;
use parley::{FontContext, FontData, LayoutContext};

use super::paragraphs::Ink;

/// The font for text.
pub(super) const SANS: &str = "DejaVu Sans";
/// The font for code.
pub(super) const MONO: &str = "DejaVu Sans Mono";

pub(in crate::export) struct Fonts {
    pub(super) context: FontContext,
    pub(super) scratch: LayoutContext<Ink>,
}

impl Fonts {
    pub(crate) fn load() -> Self {
        Self::with_bundled(FontContext::new())
    }

    /// Only the bundled fonts, as on a machine without fonts.
    #[cfg(test)]
    pub(crate) fn bundled() -> Self {
        let options = fontique::CollectionOptions {
            system_fonts: false,
            ..fontique::CollectionOptions::default()
        };
        Self::with_bundled(FontContext {
            collection: fontique::Collection::new(options),
            ..FontContext::default()
        })
    }

    fn with_bundled(mut context: FontContext) -> Self {
        for bytes in [
            dejavu::sans::regular(),
            dejavu::sans::bold(),
            dejavu::sans::oblique(),
            dejavu::sans::bold_oblique(),
            dejavu::sans_mono::regular(),
        ] {
            let families = context
                .collection
                .register_fonts(Blob::new(Arc::new(bytes)), None);
            let ids = families.into_iter().map(|(family, _)| family);
            context
                .collection
                .append_generic_families(GenericFamily::SansSerif, ids);
        }
        Self {
            context,
            scratch: LayoutContext::new(),
        }
    }
}

/// Fonts that are embedded in one file.
#[derive(Default)]
pub(super) struct EmbeddedFonts(HashMap<(u64, u32), Option<Font>>);

impl EmbeddedFonts {
    /// Returns none for a font that cannot be read.
    pub(super) fn font(&mut self, data: &FontData) -> Option<Font> {
        let (bytes, id) = data.data.clone().into_raw_parts();
        let entry = self.0.entry((id, data.index));
        entry
            .or_insert_with(|| Font::new(bytes.into(), data.index))
            .clone()
    }
}
