//! What typst may see of the world: the template, the fonts and one form. No file, no network, no clock.

use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// Inter for everything, JetBrains Mono for hashes and commands, DejaVu Sans for signs and scripts
/// that Inter lacks. Their licences lie beside them.
static FONT_FILES: [&[u8]; 4] = [
    include_bytes!("../fonts/Inter-Regular.ttf"),
    include_bytes!("../fonts/Inter-SemiBold.ttf"),
    include_bytes!("../fonts/JetBrainsMono-Regular.ttf"),
    include_bytes!("../fonts/DejaVuSans.ttf"),
];

static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| FONT_FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect());
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
static TEMPLATE: LazyLock<Source> = LazyLock::new(|| Source::detached(include_str!("form.typ")));

/// The one file that the template reads.
const DATA: &str = "form.json";

/// Whether some font has a picture of `c`.
pub fn has_glyph(c: char) -> bool {
    FONTS.iter().any(|font| font.info().coverage.contains(u32::from(c)))
}

/// The template beside one form.
pub struct Desk {
    data: Bytes,
}

impl Desk {
    /// With `json` as the form.
    pub fn new(json: Vec<u8>) -> Self {
        Self { data: Bytes::new(json) }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        TEMPLATE.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == TEMPLATE.id() { Ok(TEMPLATE.clone()) } else { Err(not_here(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id.get().vpath().get_without_slash() == DATA { Ok(self.data.clone()) } else { Err(not_here(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn not_here(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_file_is_read() {
        let names: Vec<_> = FONTS.iter().map(|f| f.post_script_name().unwrap()).collect();
        assert_eq!(names, ["Inter-Regular", "Inter-SemiBold", "JetBrainsMono-Regular", "DejaVuSans"]);
    }

    #[test]
    fn names_from_all_of_europe_and_vietnam_have_glyphs() {
        let names = "Wieczorek Łukasz Nguyễn Őri Ştefan Ţ Žižek Æsa Þór Ññ ŵŷ Ελένη Юлия Ђорђе שרה سارة ☐☒✓→";
        assert_eq!(names.chars().filter(|&c| !has_glyph(c)).collect::<String>(), "");
    }
}
