//! Stop words: words of a question that its answer need not contain, such as articles and question words.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use super::fold::{exact_form, fold_accents};

/// Words that the general lists lack, by ISO 639-1 code.
const EXTRA_WORDS: &[(&str, &str)] = &[
    (
        "en",
        "could would get please tell write happen happens many much does may might shall us also let one",
    ),
    (
        "de",
        "wie viel viele bitte wann wo wer wieviel darf gibt kommt heißt wohin woher welchen lange",
    ),
    (
        "fr",
        "combien quand comment quel quelle quels quelles où pourquoi est-ce faut peut",
    ),
    (
        "es",
        "cuánto cuánta cuántos cuándo cómo dónde qué cuál quién puedo puede hay",
    ),
    (
        "ru",
        "сколько какой какая какие каких где когда кто почему каком каким нужно можно ли",
    ),
    (
        "ar",
        "كم متى أين كيف ماذا لماذا هل ما من في على إلى عن هي هو التي الذي أي",
    ),
    (
        "he",
        "מה מי איפה מתי איך כמה למה האם של את על עם הוא היא זה יש אין אני איזה",
    ),
    (
        "pl",
        "a i w z na do od za o po przez dla nie się jest są być jak kiedy gdzie kto co ile czy jaki jaka jakie który \
         która które tego ten ta to dlaczego można mogę ma mam oraz że",
    ),
    (
        "cs",
        "a i v z na do od za o po pro se je jsou být jak kdy kde kdo co kolik zda jaký jaká jaké který která které \
         ten ta to proč lze mohu má mám že si by",
    ),
    (
        "uk",
        "і й в у з на до від за о по для не є як коли де хто що скільки чи який яка які цей ця це чому можна та",
    ),
    (
        "hi",
        "का की के को में से पर है हैं था थी थे और या कि यह वह ये वे क्या कब कहाँ कौन कैसे क्यों कितना कितने कितनी ने भी तो ही एक हो \
         होता होती होते कर मैं हम आप",
    ),
    (
        "ko",
        "무엇 무엇인가요 언제 어디 어디서 누구 누가 왜 어떻게 얼마 얼마나 몇 어느 어떤 무슨 수 것 그 이 저 있는 있나요 있습니까 \
         되나요 하나요 인가요 입니까 합니까",
    ),
    (
        "el",
        "πώς πότε πού ποιος ποια ποιο πόσο πόσα πόσες πόσοι γιατί τι είναι",
    ),
];

/// Particles and question words that separate the words of a run in scripts without blanks; longest first.
pub(super) const SEPARATORS: &[&str] = &[
    // Chinese
    "什么时候",
    "为什么",
    "怎么样",
    "请问",
    "什么",
    "怎么",
    "怎样",
    "如何",
    "哪里",
    "哪儿",
    "哪些",
    "哪个",
    "多少",
    "多久",
    "吗",
    "呢",
    "的",
    "是",
    "谁",
    "什麼時候",
    "為什麼",
    "怎麼",
    "什麼",
    "嗎",
    "誰",
    // Japanese
    "でしょうか",
    "ありますか",
    "しますか",
    "ましたか",
    "ください",
    "いくつ",
    "いくら",
    "ですか",
    "ますか",
    "します",
    "どこ",
    "いつ",
    "どう",
    "どの",
    "だれ",
    "なぜ",
    "なに",
    "何",
    "誰",
    "から",
    "まで",
    "です",
    "ます",
    "には",
    "では",
    "は",
    "が",
    "を",
    "に",
    "の",
    "へ",
    "と",
    "で",
    "も",
    "か",
    // Thai and Lao
    "เมื่อไหร่",
    "เมื่อไร",
    "เท่าไหร่",
    "เท่าไร",
    "อย่างไร",
    "หรือไม่",
    "ที่ไหน",
    "ทำไม",
    "อะไร",
    "ใคร",
    "ครับ",
    "ค่ะ",
    "ไหม",
    "กี่",
    "ของ",
    "และ",
    "คือ",
    "ที่",
    "ใน",
    "ຫຍັງ",
    "ໃສ",
    "ເມື່ອໃດ",
];

type WordList = &'static HashSet<String>;

/// Whether a word, in its exact form, is a stop word of a language.
pub(super) fn is_stop_word(language: &'static str, word: &str) -> bool {
    static LISTS: LazyLock<Mutex<HashMap<&'static str, WordList>>> = LazyLock::new(Mutex::default);
    let mut lists = LISTS.lock().unwrap_or_else(PoisonError::into_inner);
    let list = lists
        .entry(language)
        .or_insert_with(|| Box::leak(Box::new(load_list(language))));
    list.contains(word)
}

fn load_list(language: &str) -> HashSet<String> {
    let code = match language {
        "nb" => "no",
        "" => "en",
        code => code,
    };
    let general = stop_words::lookup(code).unwrap_or_default().iter().copied();
    let extra = EXTRA_WORDS.iter().filter(|(language, _)| *language == code);
    let extra = extra.flat_map(|(_, words)| words.split_whitespace());
    let exact = general.chain(extra).map(exact_form);
    // People also type these words without accents.
    exact.flat_map(|word| [fold_accents(&word), word]).collect()
}
