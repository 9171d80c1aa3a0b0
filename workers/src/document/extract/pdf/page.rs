//! The text of one page: what its content shows, and what stands in its fields and notes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::object::{Dict, Name, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, InterpreterWarning, interpret,
};

use super::annotations;
use super::faults::{Maps, has_broken_content, has_lost_color, has_lost_text};
use super::ink::{EVERYWHERE, Ink};
use super::layout;
use super::seen::Paper;

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
    /// Stretches of text that nobody sees who looks at the page.
    pub hidden: usize,
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
    let mut paper = reader.paper(page);
    let mut read = layout::read(&reader.ink, Some(&paper));
    if read.hidden > 0 && has_lost_color(page) {
        paper.has_lost_color = true;
        read = layout::read(&reader.ink, Some(&paper));
    }
    PageText {
        text: read.text,
        notes,
        hidden: read.hidden,
        is_incomplete: read.unknown > 0
            || reader.has_lost
            || reader.has_unknown_font.load(Ordering::Relaxed),
    }
}

/// Interprets content streams of one page, one after the other.
pub struct Reader<'a> {
    context: Context<'a>,
    ink: Ink,
    has_lost: bool,
    has_unknown_font: Arc<AtomicBool>,
    has_lost_picture: Arc<AtomicBool>,
}

impl<'a> Reader<'a> {
    fn new(page: &Page<'a>, cache: &InterpreterCache<'a>) -> Self {
        let has_unknown_font = Arc::new(AtomicBool::new(false));
        let has_lost_picture = Arc::new(AtomicBool::new(false));
        let (font, picture) = (has_unknown_font.clone(), has_lost_picture.clone());
        let settings = InterpreterSettings {
            warning_sink: Arc::new(move |warning| {
                let flag = match warning {
                    InterpreterWarning::UnsupportedFont => &font,
                    InterpreterWarning::ImageDecodeFailure => &picture,
                    _ => return,
                };
                flag.store(true, Ordering::Relaxed);
            }),
            ..InterpreterSettings::default()
        };
        // Nothing is drawn: where the page lies and how large it is does not matter.
        let everything = Rect::new(f64::MIN, f64::MIN, f64::MAX, f64::MAX);
        Self {
            context: Context::new(Affine::IDENTITY, everything, cache, page.xref(), settings),
            ink: Ink::default(),
            has_lost: false,
            has_unknown_font,
            has_lost_picture,
        }
    }

    fn show(&mut self, content: TypedIter<'_>, resources: &Resources<'a>) {
        interpret(content, resources, &mut self.context, &mut self.ink);
    }

    /// The text of a stream that is drawn beside the page's own content, such as the appearance of a stamp.
    pub fn text_of(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) -> String {
        let Ok(content) = stream.decoded_data() else {
            self.has_lost = true;
            return String::new();
        };
        let own = stream.dict().get("Resources").map(Resources::new);
        let page = std::mem::take(&mut self.ink);
        self.show(TypedIter::new(&content), own.as_ref().unwrap_or(resources));
        // Where it is put is not known, nor what lies below it.
        let read = layout::read(&std::mem::replace(&mut self.ink, page), None);
        self.has_lost |= read.unknown > 0;
        read.text
    }

    fn paper(&self, page: &Page<'_>) -> Paper {
        let shown = page.intersected_crop_box();
        let shown = Rect::new(shown.x0, shown.y0, shown.x1, shown.y1);
        let is_known = shown.is_finite() && shown.width() > 1.0 && shown.height() > 1.0;
        Paper {
            bounds: if is_known { shown } else { EVERYWHERE },
            has_lost_color: false,
            may_be_transparent: may_be_transparent(page.resources()),
            has_lost_picture: self.has_lost_picture.load(Ordering::Relaxed)
                || self.ink.pictures() == 0 && has_pictures(page.resources()),
        }
    }
}

/// Whether a state of the page makes text fully transparent.
fn may_be_transparent(resources: &Resources<'_>) -> bool {
    let states = &resources.ext_g_states;
    let mut states = states
        .keys()
        .filter_map(|name| states.get::<Dict<'_>>(name));
    states.any(|state| {
        let opacities = ["ca", "CA"].map(|key| state.get::<f32>(key));
        opacities
            .into_iter()
            .flatten()
            .any(|opacity| opacity < 0.02)
    })
}

/// Whether a page has a picture, which may be one that could not be drawn.
fn has_pictures(resources: &Resources<'_>) -> bool {
    let objects = &resources.x_objects;
    let mut objects = objects
        .keys()
        .filter_map(|name| objects.get::<Stream<'_>>(name));
    objects.any(|object| {
        let kind = object.dict().get::<Name<'_>>("Subtype");
        kind.is_some_and(|kind| kind.as_str() == "Image")
    })
}
