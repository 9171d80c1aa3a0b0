//! Forms of words that compare equal: the exact form ignores case, width and composition, the folded one also accents.

use icu_properties::props::Script;
use unicode_normalization::UnicodeNormalization;

use super::letters::script;

/// The exact form: lower case, composed and of normal width.
pub(super) fn exact_form(cluster: &str) -> String {
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

/// The folded form: without accents, points and vowel signs, with letters as most people type them.
pub(super) fn fold_accents(exact: &str) -> String {
    if exact.is_ascii() {
        return exact.to_owned();
    }
    let mut plain = String::with_capacity(exact.len());
    let mut base = ' ';
    for letter in exact.nfd() {
        // й is a letter of its own, not и with an accent.
        let is_short_i = letter == '\u{306}' && base == 'и';
        if !is_accent(letter) || is_short_i {
            push_folded(&mut plain, letter);
            base = letter;
        }
    }
    plain.nfc().collect()
}

/// How speakers of German, Danish and others type a word without umlauts and the like; `None` if there are none.
pub(super) fn transcribe(exact: &str) -> Option<String> {
    let replacement = |letter| match letter {
        'ä' => Some("ae"),
        'ö' | 'ø' => Some("oe"),
        'ü' => Some("ue"),
        'å' => Some("aa"),
        _ => None,
    };
    exact
        .chars()
        .any(|letter| replacement(letter).is_some())
        .then(|| {
            let mut plain = String::new();
            for letter in exact.chars() {
                match replacement(letter) {
                    Some(letters) => plain.push_str(letters),
                    None => plain.push(letter),
                }
            }
            fold_accents(&plain)
        })
}

/// A word without the prefixed article of Arabic and Hebrew; `None` if it has none.
pub(super) fn strip_article(fold_accents: &str) -> Option<&str> {
    let first = fold_accents.chars().next()?;
    let articles: &[&str] = match script(first) {
        Script::Arabic => &["وال", "بال", "كال", "فال", "لل", "ال"],
        Script::Hebrew => &["וה", "שה", "מה", "כשה", "ה", "ב", "ל", "כ", "מ", "ו", "ש"],
        _ => return None,
    };
    let rest = articles
        .iter()
        .find_map(|article| fold_accents.strip_prefix(article))?;
    (rest.chars().count() >= 3).then_some(rest)
}

/// Korean particles and endings that follow a noun or a stem, longest first.
const KOREAN_ENDINGS: [&str; 52] = [
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

/// Whether a word is only a Korean ending, as after a word in Latin letters.
pub(super) fn is_korean_ending(word: &str) -> bool {
    KOREAN_ENDINGS.contains(&word)
}

/// A Korean word without its ending; `None` if it has none, or too little would remain.
pub(super) fn strip_korean_ending(word: &str) -> Option<&str> {
    let (rest, ending) = KOREAN_ENDINGS
        .iter()
        .find_map(|ending| Some((word.strip_suffix(ending)?, *ending)))?;
    // A single syllable before an object particle or a question ending can be a word; before other endings it is
    // usually half of one.
    let minimum = if matches!(ending, "을" | "를" | "나요") {
        1
    } else {
        2
    };
    (rest.chars().count() >= minimum).then_some(rest)
}

/// Appends a letter, replaced by its common form where decomposition does not yield that.
fn push_folded(plain: &mut String, letter: char) {
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
        // Arabic letters that differ by country or are often confused.
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

/// Marks that are optional in writing. The vowel signs of India and Southeast Asia are not.
fn is_accent(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36F}'
        // Hebrew points.
        | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}'
        // Arabic vowel signs, and the tatweel, which only fills space.
        | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}' | '\u{640}'
        // Nukta: the dots below Indic letters in words from Persian.
        | '\u{93C}' | '\u{9BC}' | '\u{A3C}'
    )
}

fn is_ignored(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{34F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}')
}
