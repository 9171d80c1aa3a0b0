//! Tests of the splitter, without an engine.

use super::*;

fn indexed_terms(text: &str) -> String {
    let mut terms: Vec<String> = vectors(text)
        .iter()
        .flat_map(|vector| vector.words.split_whitespace())
        .map(str::to_owned)
        .collect();
    terms.sort();
    terms.join(" ")
}

fn mark(text: &str, query: &str) -> String {
    let marker = Marker::new(query);
    let mut marked = String::new();
    let mut end = 0;
    for mark in marker.marks(text) {
        marked += &[&text[end..mark.start], "[", &text[mark.clone()], "]"].concat();
        end = mark.end;
    }
    marked + &text[end..]
}

#[test]
fn words_are_indexed_with_and_without_accents() {
    assert_eq!(indexed_terms("Resume"), "'resume':1A");
    assert_eq!(indexed_terms("Résumé"), "'resume':1 'résumé':1A");
    assert_eq!(
        indexed_terms("Müller"),
        "'mueller':1 'muller':1 'müller':1A"
    );
    // Other normal forms and widths are the same word.
    assert_eq!(
        indexed_terms("Re\u{301}sume\u{301}"),
        indexed_terms("Résumé")
    );
    assert_eq!(
        indexed_terms("ＲＥＡＤＭＥ ﬁle"),
        indexed_terms("readme file")
    );
    assert_eq!(indexed_terms("so\u{AD}ft"), "'soft':1A");
}

#[test]
fn signs_are_indexed_with_the_words_that_they_join() {
    assert_eq!(
        indexed_terms("3.14, C++!"),
        "'14':2A '3':1A '3.':1A 'c':3A 'c+':3A 'c++':3A"
    );
    assert_eq!(
        indexed_terms("e-mail"),
        "'e':1A 'e-':1A 'email':1 'mail':2A"
    );
    assert_eq!(indexed_terms(".NET (see)"), "'.net':1A 'net':1A 'see':2A");
}

#[test]
fn scripts_without_blanks_are_split_into_pairs() {
    assert_eq!(indexed_terms("会议室"), "'会议':1A '室':3A '议室':2A");
    assert_eq!(
        indexed_terms("请看README文件"),
        "'readme':3A '件':5A '文件':4A '看':2A '请看':1A"
    );
}

#[test]
fn a_query_without_words_has_no_conditions() {
    for text in ["", "  ", "?!", "...", "\u{200B}", "'", "(((", "— … ·"] {
        assert_eq!(Conditions::parse(text), None, "{text}");
    }
}

#[test]
fn conditions_range_from_exact_to_prefix() {
    let parse = |text| Conditions::parse(text).unwrap();
    let date = parse("2026-11-29");
    assert_eq!(date.exact, "('2026-':A <1> '11-':A <1> '29':A)");
    assert_eq!(date.prefix, "('20261129':* | ('2026' <1> '11' <1> '29':*))");
    assert_eq!(date.similar, None);
    assert_eq!(parse("C++").prefix, "'c'");
    assert_eq!(parse("müll").prefix, "('muell':* | 'mull':*)");
    assert_eq!(parse("会议室").prefix, "('会议' <1> '议室')");
    assert_eq!(parse("it's O'Neill").similar, None);
    assert_eq!(parse("hippo").similar.as_deref(), Some("hippo"));
}

#[test]
fn matches_are_marked() {
    for (text, query, expected) in [
        ("Der Äpfel-Baum", "äpf baum", "Der [Äpfel]-[Baum]"),
        ("Der Äpfel-Baum", "apfel-baum", "Der [Äpfel-Baum]"),
        ("明天的会议改到下午", "会议", "明天的[会议]改到下午"),
        ("请看README文件", "readme", "请看[README]文件"),
        ("주간회의가 있다", "회의는", "주간[회의]가 있다"),
        ("C++ and Cats", "c++", "[C++] and Cats"),
        ("version 1.2.3", "2.3", "version 1.[2.3]"),
        ("an e-mail", "email", "an [e-mail]"),
        ("Größe: ＧＰＴ-4", "gpt-4", "Größe: [ＧＰＴ-4]"),
        ("die Straße", "strasse", "die [Straße]"),
        ("a 🦏 b", "🦏", "a [🦏] b"),
        ("อยากประชุมพรุ่งนี้", "ประชุม", "อยาก[ประชุม]พรุ่งนี้"),
        ("nothing", "else", "nothing"),
    ] {
        assert_eq!(mark(text, query), expected, "{query}");
    }
}

#[test]
fn the_vectors_of_a_long_text_cover_all_of_it() {
    let words: String = (0..300_000).map(|n| format!("w{n:x} ")).collect();
    let vectors = vectors(&words);
    assert!(vectors.len() > 1);
    assert!(vectors.iter().all(|vector| vector.words.len() < 6_000_000));
    let covered: usize = vectors.iter().map(|vector| vector.range.len()).sum();
    assert_eq!(covered, words.len());
    assert!(vectors.last().unwrap().words.contains("'w493df'"));
}

#[test]
fn terms_of_questions_exclude_stop_words() {
    assert_eq!(
        stems::question_terms("How many days of leave do I have?", "en"),
        ["mani", "day", "leav"][1..].to_vec()
    );
    assert_eq!(
        stems::question_terms("会议什么时候开始？", "zh"),
        ["会议", "开始"]
    );
    assert_eq!(
        stems::question_terms("회의는 언제 시작하나요?", "ko"),
        ["회의", "시작"]
    );
    assert_eq!(stems::question_terms("会議はいつですか", "ja"), ["会議"]);
}

#[test]
fn an_unknown_language_is_detected_from_the_text() {
    assert_eq!(stems::detect_language("de", "whatever"), "de");
    assert_eq!(
        stems::detect_language("", "员工每年有三十天的年假，需要提前申请。"),
        "zh"
    );
    assert_eq!(
        stems::detect_language("", "会議は毎週月曜日の午前九時に始まります。"),
        "ja"
    );
    assert_eq!(stems::detect_language("", "ok"), "");
}

#[test]
fn an_engine_that_splits_at_spaces_gets_one_word_for_each_term() {
    let words = |text: &str| {
        let words = IndexedWords::from_text(text);
        [words.written, words.signs, words.derived]
    };
    assert_eq!(
        words("The e-mail"),
        ["the e mail", "ex2dx mail ex2dx", "email"]
    );
    assert_eq!(words("Müller"), ["mxfcxller", "", "mueller muller"]);
    assert_eq!(words("C++ .NET"), ["c net", "cx2bx cx2bxx2bx x2exnet", ""]);
    assert_eq!(
        words("京都へ"),
        [
            "x4eacxx90fdx x90fdxx3078x x3078x",
            "",
            "x3078x x4eacx x90fdx"
        ]
    );
    // Words without accents stay as they are, in every script.
    assert_eq!(
        words("Привет, Κόσμε")[0],
        "привет x3baxx3ccxx3c3xx3bcxx3b5x"
    );
    assert_eq!(words("Κόσμε")[2], "κοσμε");
}

#[test]
fn queries_for_such_an_engine_go_from_what_was_typed_to_other_forms() {
    let queries = |text: &str| {
        let queries = WordQueries::from_text(text).unwrap();
        std::iter::once(queries.exact)
            .chain(queries.loose)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        queries("Rebuilt log"),
        ["\"rebuilt\" \"log\"", "rebuilt log"]
    );
    assert_eq!(queries("müller"), ["\"mxfcxller\"", "muller", "mueller"]);
    assert_eq!(queries("e-mail"), ["\"ex2dx mail\"", "\"e mail\"", "email"]);
    assert_eq!(
        queries("nginx.co"),
        ["\"nginxx2ex co\"", "\"nginx co\"", "\"nginx\" co"]
    );
    assert_eq!(queries("C++"), ["\"c\" \"cx2bxx2bx\"", "\"c\""]);
    assert_eq!(
        queries("京都へ"),
        [
            "\"x4eacxx90fdx x90fdxx3078x\"",
            "\"x4eacxx90fdx x90fdxx3078x\""
        ]
    );
    assert_eq!(queries("京"), ["\"x4eacx\"", "\"x4eacx\""]);
    // Quotes and operators of the engine are signs like any other.
    assert_eq!(queries("\"a\" -b"), ["\"a\" \"b\" \"x2dxb\"", "a b"]);
    for text in ["", "?!", "…。、", "\"\""] {
        assert_eq!(WordQueries::from_text(text), None, "{text}");
    }
}
