//! Forms of letters that compare equal: case, width and composition always, accents and the like in a second form.

use icu_properties::props::Script;
use unicode_normalization::UnicodeNormalization;

use super::letters::script;

/// A cluster in small letters, composed and of usual width: what counts as written the same.
pub(super) fn exact(cluster: &str) -> String {
    if cluster.is_ascii() {
        return cluster.to_ascii_lowercase();
    }
    let lower = cluster.nfkc().flat_map(char::to_lowercase);
    lower
        .filter(|letter| !is_ignored(*letter))
        .map(|letter| if letter == 'ς' { 'σ' } else { letter })
        .nfc()
        .collect()
}

/// The same without accents, points and vowel signs, with letters in the form that most people type.
pub(super) fn folded(exact: &str) -> String {
    if exact.is_ascii() {
        return exact.to_owned();
    }
    let mut plain = String::with_capacity(exact.len());
    let mut base = ' ';
    for letter in exact.nfd() {
        // й is no и with an accent.
        let kept = letter == '\u{306}' && base == 'и';
        if !is_accent(letter) || kept {
            push(&mut plain, letter);
            base = letter;
        }
    }
    plain.nfc().collect()
}

/// How German, Danish and others write a letter where they have no key for it; none where there is no such way.
pub(super) fn transcribed(exact: &str) -> Option<String> {
    let written = |letter| match letter {
        'ä' => Some("ae"),
        'ö' | 'ø' => Some("oe"),
        'ü' => Some("ue"),
        'å' => Some("aa"),
        _ => None,
    };
    exact
        .chars()
        .any(|letter| written(letter).is_some())
        .then(|| {
            let mut plain = String::new();
            for letter in exact.chars() {
                match written(letter) {
                    Some(letters) => plain.push_str(letters),
                    None => plain.push(letter),
                }
            }
            folded(&plain)
        })
}

/// A word without the article that Arabic and Hebrew write together with it; none where it has none.
pub(super) fn without_article(folded: &str) -> Option<&str> {
    let first = folded.chars().next()?;
    let articles: &[&str] = match script(first) {
        Script::Arabic => &["وال", "بال", "كال", "فال", "لل", "ال"],
        Script::Hebrew => &["וה", "שה", "מה", "כשה", "ה", "ב", "ל", "כ", "מ", "ו", "ש"],
        _ => return None,
    };
    let rest = articles
        .iter()
        .find_map(|article| folded.strip_prefix(article))?;
    (rest.chars().count() >= 3).then_some(rest)
}

/// Korean particles and endings that follow a noun or a stem, the longest first.
const ENDINGS: [&str; 52] = [
    "했습니까",
    "했습니다",
    "하십시오",
    "합니까",
    "합니다",
    "입니까",
    "입니다",
    "습니까",
    "습니다",
    "되나요",
    "하나요",
    "인가요",
    "나요",
    "세요",
    "에서는",
    "으로는",
    "이라고",
    "에게서",
    "했나요",
    "해요",
    "하고",
    "하는",
    "했다",
    "한다",
    "하기",
    "에서",
    "에게",
    "으로",
    "까지",
    "부터",
    "처럼",
    "보다",
    "마다",
    "이나",
    "이란",
    "라는",
    "들은",
    "들이",
    "들을",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에",
    "의",
    "와",
    "과",
    "도",
    "로",
    "만",
];

/// Whether it is a Korean ending and nothing else, as behind a word in Latin letters.
pub(super) fn is_ending(word: &str) -> bool {
    ENDINGS.contains(&word)
}

/// A Korean word without its ending; none where it has none, or little would be left.
pub(super) fn without_ending(word: &str) -> Option<&str> {
    let (rest, ending) = ENDINGS
        .iter()
        .find_map(|ending| Some((word.strip_suffix(ending)?, *ending)))?;
    // One syllable can be a noun before the particle of the object or the stem of a verb that is asked about; before
    // others it is mostly half of a word.
    let enough = if matches!(ending, "을" | "를" | "나요") {
        1
    } else {
        2
    };
    (rest.chars().count() >= enough).then_some(rest)
}

/// Letters that stand for another one, where composition does not say so.
fn push(plain: &mut String, letter: char) {
    let letters = match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'þ' => "th",
        'ŋ' => "n",
        // Arabic letters that differ by country and by care.
        'ٱ' => "ا",
        'ى' | 'ی' | 'ې' => "ي",
        'ک' => "ك",
        'ة' | 'ہ' | 'ە' => "ه",
        // Hindi writes either sign for the same nasal.
        'ँ' => "ं",
        _ => return plain.push(letter),
    };
    plain.push_str(letters);
}

/// Marks that a reader does without; the vowel signs of India and Southeast Asia are no such.
fn is_accent(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36F}'
        // Hebrew points.
        | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}'
        // Arabic vowel signs, and the line that only fills.
        | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}' | '\u{640}'
        // The dots below letters of India that Persian words brought.
        | '\u{93C}' | '\u{9BC}' | '\u{A3C}'
    )
}

fn is_ignored(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{34F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}')
}
