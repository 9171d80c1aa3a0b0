//! Notes below slides. The reader looks for them under the number of their slide, while programs number them as they
//! are made: a copy of the presentation has them where they are looked for.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::result::ZipResult;
use zip::{ZipArchive, ZipWriter};

const SLIDES: &str = "ppt/slides/_rels/slide";
const NOTES: &str = "ppt/notesSlides/notesSlide";
/// What names the notes among the relations of a slide.
const RELATION: &str = "notesSlides/notesSlide";
/// Bytes of the relations of one slide, at most.
const LONGEST: u64 = 1024 * 1024;

/// The presentation with its notes under the numbers of their slides; none where they are there already.
pub fn in_place(bytes: &[u8]) -> ZipResult<Option<Vec<u8>>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    // The number of the notes to that of the slide.
    let mut slides: HashMap<u32, u32> = HashMap::new();
    for index in 0..archive.len() {
        let entry = archive.by_index(index)?;
        let Some(slide) = numbered(&entry.name()?, SLIDES, ".xml.rels") else {
            continue;
        };
        let mut relations = Vec::new();
        entry.take(LONGEST).read_to_end(&mut relations)?;
        let relations = String::from_utf8_lossy(&relations);
        let notes = relations.split(RELATION).skip(1);
        for number in notes.filter_map(|rest| rest.split_once(".xml")?.0.parse().ok()) {
            slides.insert(number, slide);
        }
    }
    if slides.iter().all(|(notes, slide)| notes == slide) {
        return Ok(None);
    }
    let mut copy = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        let name = entry.name()?.into_owned();
        match numbered(&name, NOTES, ".xml") {
            None => copy.raw_copy_file(entry)?,
            Some(number) => {
                if let Some(slide) = slides.get(&number) {
                    copy.raw_copy_file_rename(entry, format!("{NOTES}{slide}.xml"))?;
                }
            }
        }
    }
    Ok(Some(copy.finish()?.into_inner()))
}

fn numbered(name: &str, before: &str, after: &str) -> Option<u32> {
    name.strip_prefix(before)?.strip_suffix(after)?.parse().ok()
}
