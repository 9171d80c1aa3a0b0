//! What the splitter makes of texts, without an engine.

use super::*;

fn terms(text: &str) -> String {
    let mut terms: Vec<String> = vectors(text)
        .iter()
        .flat_map(|vector| vector.words.split_whitespace())
        .map(str::to_owned)
        .collect();
    terms.sort();
    terms.join(" ")
}

fn marked(text: &str, wanted: &str) -> String {
    let marker = Marker::new(wanted);
    let mut shown = String::new();
    let mut end = 0;
    for mark in marker.marks(text) {
        shown += &[&text[end..mark.start], "[", &text[mark.clone()], "]"].concat();
        end = mark.end;
    }
    shown + &text[end..]
}

#[test]
fn words_keep_their_accents_and_are_found_without() {
    assert_eq!(terms("Resume"), "'resume':1A");
    assert_eq!(terms("Résumé"), "'resume':1 'résumé':1A");
    assert_eq!(terms("Müller"), "'mueller':1 'muller':1 'müller':1A");
    // Other normal forms and widths are the same word.
    assert_eq!(terms("Re\u{301}sume\u{301}"), terms("Résumé"));
    assert_eq!(terms("ＲＥＡＤＭＥ ﬁle"), terms("readme file"));
    assert_eq!(terms("so\u{AD}ft"), "'soft':1A");
}

#[test]
fn signs_stay_with_the_words_that_they_join() {
    assert_eq!(
        terms("3.14, C++!"),
        "'14':2A '3':1A '3.':1A 'c':3A 'c+':3A 'c++':3A"
    );
    assert_eq!(terms("e-mail"), "'e':1A 'e-':1A 'email':1 'mail':2A");
    assert_eq!(terms(".NET (see)"), "'.net':1A 'net':1A 'see':2A");
}

#[test]
fn scripts_without_blanks_are_pairs() {
    assert_eq!(terms("会议室"), "'会议':1A '室':3A '议室':2A");
    assert_eq!(
        terms("请看README文件"),
        "'readme':3A '件':5A '文件':4A '看':2A '请看':1A"
    );
}

#[test]
fn a_query_without_words_is_none() {
    for text in ["", "  ", "?!", "...", "\u{200B}", "'", "(((", "— … ·"] {
        assert_eq!(Conditions::parse(text), None, "{text}");
    }
}

#[test]
fn conditions_go_from_exact_to_loose() {
    let of = |text| Conditions::parse(text).unwrap();
    let dated = of("2026-11-29");
    assert_eq!(dated.exact, "('2026-':A <1> '11-':A <1> '29':A)");
    assert_eq!(dated.loose, "('20261129':* | ('2026' <1> '11' <1> '29':*))");
    assert_eq!(dated.similar, None);
    assert_eq!(of("C++").loose, "'c'");
    assert_eq!(of("müll").loose, "('muell':* | 'mull':*)");
    assert_eq!(of("会议室").loose, "('会议' <1> '议室')");
    assert_eq!(of("it's O'Neill").similar, None);
    assert_eq!(of("hippo").similar.as_deref(), Some("hippo"));
}

#[test]
fn what_was_found_is_marked() {
    for (text, wanted, shown) in [
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
        assert_eq!(marked(text, wanted), shown, "{wanted}");
    }
}

#[test]
fn a_text_of_any_length_becomes_vectors_that_hold_all_of_it() {
    let words: String = (0..300_000).map(|n| format!("w{n:x} ")).collect();
    let vectors = vectors(&words);
    assert!(vectors.len() > 1);
    assert!(vectors.iter().all(|vector| vector.words.len() < 6_000_000));
    let covered: usize = vectors.iter().map(|vector| vector.range.len()).sum();
    assert_eq!(covered, words.len());
    assert!(vectors.last().unwrap().words.contains("'w493df'"));
}

#[test]
fn questions_leave_out_what_answers_need_not_hold() {
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
fn the_language_is_told_by_the_text_where_it_is_not_known() {
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
