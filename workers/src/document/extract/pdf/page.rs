//! Reads the text of a page: its content, fields and notes.

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
use super::display_list::{DisplayList, EVERYWHERE};
use super::faults::{ToUnicodeMaps, has_broken_content, has_lost_color, has_lost_text};
use super::hidden_text::PageContext;
use super::layout;

/// State that the pages of a document share.
#[derive(Default)]
pub(super) struct SharedState<'a> {
    cache: InterpreterCache<'a>,
    to_unicode_maps: ToUnicodeMaps,
}

/// The text of a page.
#[derive(Debug, Default)]
pub(super) struct PageText {
    pub text: String,
    /// Fields and notes, each a paragraph.
    pub notes: Vec<String>,
    /// Number of hidden passages.
    pub hidden: usize,
    /// Whether part of the page could not be read.
    pub is_incomplete: bool,
}

impl PageText {
    pub(super) fn unreadable() -> Self {
        Self {
            is_incomplete: true,
            ..Self::default()
        }
    }
}

pub(super) fn read_page<'a>(page: &Page<'a>, state: &mut SharedState<'a>) -> PageText {
    let mut reader = PageReader::new(page, &state.cache);
    reader.interpret(page.typed_operations(), page.resources());
    reader.has_lost_content |=
        has_broken_content(page) || has_lost_text(page, &mut state.to_unicode_maps);
    let notes = annotations::read(page, &mut reader);
    let mut page_context = reader.context(page);
    let mut layout = layout::lay_out(&reader.display_list, Some(&page_context));
    if layout.hidden > 0 && has_lost_color(page) {
        page_context.has_lost_color = true;
        layout = layout::lay_out(&reader.display_list, Some(&page_context));
    }
    PageText {
        text: layout.text,
        notes,
        hidden: layout.hidden,
        is_incomplete: layout.unknown_glyphs > 0
            || reader.has_lost_content
            || reader.has_unknown_font.load(Ordering::Relaxed),
    }
}

/// Interprets content streams of one page, one after the other.
pub(super) struct PageReader<'a> {
    context: Context<'a>,
    display_list: DisplayList,
    has_lost_content: bool,
    has_unknown_font: Arc<AtomicBool>,
    has_lost_picture: Arc<AtomicBool>,
}

impl<'a> PageReader<'a> {
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
        // Nothing is rendered, so the position and the size of the page do not matter.
        let everything = Rect::new(f64::MIN, f64::MIN, f64::MAX, f64::MAX);
        Self {
            context: Context::new(Affine::IDENTITY, everything, cache, page.xref(), settings),
            display_list: DisplayList::default(),
            has_lost_content: false,
            has_unknown_font,
            has_lost_picture,
        }
    }

    fn interpret(&mut self, content: TypedIter<'_>, resources: &Resources<'a>) {
        interpret(
            content,
            resources,
            &mut self.context,
            &mut self.display_list,
        );
    }

    /// Reads a stream that is drawn in addition to the page's content, such as the appearance of a stamp.
    pub(super) fn read_stream(&mut self, stream: &Stream<'a>, resources: &Resources<'a>) -> String {
        let Ok(content) = stream.decoded_data() else {
            self.has_lost_content = true;
            return String::new();
        };
        let own_resources = stream.dict().get("Resources").map(Resources::new);
        let page_display_list = std::mem::take(&mut self.display_list);
        self.interpret(
            TypedIter::new(&content),
            own_resources.as_ref().unwrap_or(resources),
        );
        // Its position is unknown, and so is what lies below it.
        let layout = layout::lay_out(
            &std::mem::replace(&mut self.display_list, page_display_list),
            None,
        );
        self.has_lost_content |= layout.unknown_glyphs > 0;
        layout.text
    }

    fn context(&self, page: &Page<'_>) -> PageContext {
        let visible = page.intersected_crop_box();
        let visible = Rect::new(visible.x0, visible.y0, visible.x1, visible.y1);
        let is_known = visible.is_finite() && visible.width() > 1.0 && visible.height() > 1.0;
        PageContext {
            bounds: if is_known { visible } else { EVERYWHERE },
            has_lost_color: false,
            may_be_transparent: may_be_transparent(page.resources()),
            has_lost_picture: self.has_lost_picture.load(Ordering::Relaxed)
                || self.display_list.pictures() == 0 && has_pictures(page.resources()),
        }
    }
}

/// Whether a graphics state of the page makes text fully transparent.
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

/// Whether a page has a picture, which may not have been decoded.
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
