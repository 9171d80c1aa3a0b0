//! The text of one page: what its content shows, and what stands in its fields and notes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::object::Stream;
use hayro_interpret::hayro_syntax::page::{Page, Resources};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, InterpreterWarning, interpret,
};

use super::annotations;
use super::faults::{Maps, has_broken_content, has_lost_text};
use super::layout::Layout;

/// What pages of a document share.
#[derive(Default)]
pub struct Document<'a> {
    cache: InterpreterCache<'a>,
    maps: Maps,
}

/// What was read of a page.
#[derive(Debug, Default)]
pub struct PageText {
    pub text: String,
    /// Fields and notes, each a paragraph.
    pub notes: Vec<String>,
    /// Whether something that the page holds could not be read.
    pub is_incomplete: bool,
}

impl PageText {
    pub fn unreadable() -> Self {
        Self {
            is_incomplete: true,
            ..Self::default()
        }
    }
}

pub fn read<'a>(page: &Page<'a>, document: &mut Document<'a>) -> PageText {
    let mut reader = Reader::new(page, &document.cache);
    reader.show(page.typed_operations(), page.resources());
    reader.has_lost |= has_broken_content(page) || has_lost_text(page, &mut document.maps);
    let notes = annotations::read(page, &mut reader);
    let (text, unknown) = reader.layout.finish();
    PageText {
        text,
        notes,
        is_incomplete: unknown > 0
            || reader.has_lost
            || reader.has_unknown_font.load(Ordering::Relaxed),
    }
}

/// Interprets content streams of one page, one after the other.
pub struct Reader<'a> {
    context: Context<'a>,
    layout: Layout,
    has_lost: bool,
    has_unknown_font: Arc<AtomicBool>,
}

impl<'a> Reader<'a> {
    fn new(page: &Page<'a>, cache: &InterpreterCache<'a>) -> Self {
        let has_unknown_font = Arc::new(AtomicBool::new(false));
        let flag = has_unknown_font.clone();
        let settings = InterpreterSettings {
            warning_sink: Arc::new(move |warning| {
                if matches!(warning, InterpreterWarning::UnsupportedFont) {
                    flag.store(true, Ordering::Relaxed);
                }
            }),
            ..InterpreterSettings::default()
        };
        // Nothing is drawn: where the page lies and how large it is does not matter.
        let everything = Rect::new(f64::MIN, f64::MIN, f64::MAX, f64::MAX);
        Self {
            context: Context::new(Affine::IDENTITY, everything, cache, page.xref(), settings),
            layout: Layout::default(),
            has_lost: false,
            has_unknown_font,
        }
    }

    fn show(&mut self, content: TypedIter<'_>, resources: &Resources<'a>) {
        interpret(content, resources, &mut self.context, &mut self.layout);
    }

    /// The text of a stream that is drawn beside the page's own content, such as the appearance of a stamp.
    pub fn text_of(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) -> String {
        let Ok(content) = stream.decoded_data() else {
            self.has_lost = true;
            return String::new();
        };
        let own = stream.dict().get("Resources").map(Resources::new);
        let page = std::mem::take(&mut self.layout);
        self.show(TypedIter::new(&content), own.as_ref().unwrap_or(resources));
        let (text, unknown) = std::mem::replace(&mut self.layout, page).finish();
        self.has_lost |= unknown > 0;
        text
    }
}
