use base64::Engine;

use super::*;
use crate::document::extract::extract as read;

type LeftOutCount = (OmissionKind, Option<u32>);

/// The text, the headings of the last section, and the omissions.
fn read_mail(mail: &[u8]) -> (String, Vec<String>, Vec<LeftOutCount>) {
    let found = read("message/rfc822", mail).unwrap();
    let text = found.sections.iter().map(|section| section.text.as_str());
    let last = found.sections.last().unwrap();
    let left_out = found
        .left_out
        .iter()
        .map(|omission| (omission.kind, omission.count));
    (text.collect(), last.headings.clone(), left_out.collect())
}

const HEADER: &str = "Received: from x\r\nMessage-ID: <1@x>\r\nFrom: =?utf-8?Q?J=C3=B6rg?= <j@example.org>\r\n\
                    To: \"Ada, L.\" <ada@example.org>, bob@example.org\r\nDate: Sun, 1 Mar 2026 14:30:00 +0100\r\n\
                    Subject: =?iso-8859-1?B?R2Vi/GhyZW4=?=\r\n";

#[test]
fn header_fields_are_read_as_mail_programs_show_them() {
    let (text, headings, _) = read_mail(format!("{HEADER}\r\nPaid.\r\n").as_bytes());
    assert_eq!(headings, ["Gebühren"]);
    for line in [
        "Subject: Gebühren\n",
        "From: Jörg <j@example.org>\n",
        "To: Ada, L. <ada@example.org>, bob@example.org\n",
        "Date: 2026-03-01T14:30:00+01:00\n",
        "Paid.",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert!(
        !text.contains("Received") && !text.contains("Message-ID"),
        "{text}"
    );
}

#[test]
fn texts_are_decoded_in_every_encoding() {
    for (kind, encoding, body) in [
        (
            "text/plain; charset=utf-8",
            "quoted-printable",
            &b"Die Geb=C3=BChr betr=\r\n=C3=A4gt 35 Euro."[..],
        ),
        (
            "text/plain; charset=utf-8",
            "base64",
            b"RGllIEdlYsO8aHIgYmV0csOkZ3QgMzUg\r\nRXVyby4=",
        ),
        (
            "text/plain; charset=windows-1252",
            "8bit",
            b"Die Geb\xfchr betr\xe4gt 35 Euro.",
        ),
        (
            "text/html; charset=iso-8859-1",
            "quoted-printable",
            b"<p>Die Geb=FChr <b>betr=E4gt</b> 35&nbsp;Euro.</p>",
        ),
        (
            "text/plain",
            "8bit",
            b"Die Geb\xfchr betr\xe4gt 35 Euro, und das f\xfcr alle.",
        ),
        (
            "text/plain",
            "quoted-printable",
            b"Die Geb=FChr betr=E4gt 35 Euro, und das f=FCr alle.",
        ),
        (
            "text/plain; charset=x-unknown",
            "base64",
            b"RGllIEdlYvxociBiZXRy5Gd0IDM1IEV1cm8u",
        ),
    ] {
        let mut mail = format!("{HEADER}MIME-Version: 1.0\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n").into_bytes();
        mail.extend_from_slice(body);
        let (text, _, left_out) = read_mail(&mail);
        let text = text.replace('\u{a0}', " ");
        assert!(text.contains("Die Gebühr beträgt 35 Euro"), "{kind} {text}");
        assert_eq!(left_out, []);
    }
}

#[test]
fn one_alternative_is_read_and_files_are_listed() {
    let part = |fields: &str, body: &str| format!("--b\r\n{fields}\r\n\r\n{body}\r\n");
    let forms = "Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nThe fee is 35.\r\n\
                 --a\r\nContent-Type: text/html\r\n\r\n<h2>Fees</h2><table><tr><th>Name<th>Fee<tr><td>Ada<td><s>30</s> 35</table><img src=cid:p>\r\n--a--";
    let mail = format!(
        "{HEADER}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{forms}\r\n{}{}{}{}--b--\r\n",
        part(
            "Content-Type: application/pdf; name=\"fees.pdf\"\r\nContent-Disposition: attachment; filename=\"fees.pdf\"\r\nContent-Transfer-Encoding: base64",
            "canary"
        ),
        part(
            "Content-Type: text/csv\r\nContent-Disposition: attachment; filename*=utf-8''Geb%C3%BChren.csv",
            "canary;1"
        ),
        part(
            "Content-Type: image/png\r\nContent-ID: <p>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64",
            "AAAA"
        ),
        part(
            "Content-Type: message/rfc822",
            "From: eve@example.org\r\nSubject: Older\r\n\r\nIt was 30."
        )
    );
    let (text, headings, left_out) = read_mail(mail.as_bytes());
    assert!(text.contains("Name: Ada; Fee: 35"), "{text}");
    assert!(
        !text.contains("The fee is") && !text.contains("canary"),
        "{text}"
    );
    assert!(
        text.contains("Attachment: fees.pdf\nAttachment: Gebühren.csv\n"),
        "{text}"
    );
    assert!(
        text.contains("From: eve@example.org") && text.contains("It was 30."),
        "{text}"
    );
    assert_eq!(headings, ["Gebühren", "Older"]);
    assert_eq!(
        left_out,
        [
            (OmissionKind::StruckText, Some(1)),
            (OmissionKind::EmbeddedFile, Some(2))
        ]
    );
}

#[test]
fn mail_is_distinguished_from_other_text() {
    for (text, is_mail) in [
        (HEADER.to_owned() + "MIME-Version: 1.0\r\n\r\nx", true),
        (
            "Return-Path: <x>\nReceived: from a\n by b\n\nx".to_owned(),
            true,
        ),
        (
            "From: Ada\nTo: Bob\nSubject: Fees\n\nAs agreed.".to_owned(),
            false,
        ),
        (
            "Note: x\nMIME-Version: 1.0 and Received: are fields\n\n".to_owned(),
            false,
        ),
        ("key: value\nother: 1\n\n".to_owned(), false),
        (
            "Content-Type: text/html\nContent-Type: charset\n\nx".to_owned(),
            false,
        ),
        (
            "Received: 3 boxes\nReceived: 4 boxes\n\nx".to_owned(),
            false,
        ),
        (
            "Received: 3 boxes\nContent-Type: wood\n\nx".to_owned(),
            true,
        ),
        (
            "X-Spam: no\n".repeat(500) + "Message-ID: <1@x>\nMIME-Version: 1.0\n\nx",
            true,
        ),
        (String::new(), false),
    ] {
        assert_eq!(looks_like_mail(&text), is_mail, "{text}");
    }
    let found = read(
        "text/plain",
        format!("{HEADER}MIME-Version: 1.0\r\n\r\nPaid.").as_bytes(),
    )
    .unwrap();
    assert!(found.sections[0].text.starts_with("Subject: Gebühren\n"));
}

#[test]
fn broken_mail_is_read_as_far_as_possible() {
    let body = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Paid.</p>\r\n--b--";
    let mail = format!("{HEADER}MIME-Version: 1.0\r\n{body}");
    let body_start = mail.find("<p>").unwrap();
    for end in body_start..=mail.len() {
        let (text, _, left_out) = read_mail(&mail.as_bytes()[..end]);
        assert!(text.starts_with("Subject: Gebühren\n"), "{text}");
        let rest = &mail[body_start..end];
        if rest.len() >= "<p>Paid.".len() {
            assert!(text.contains("\nPaid."), "{rest}: {text}");
        }
        assert_eq!(left_out, [], "{rest}");
    }
    for end in 0..body_start {
        if let Ok(found) = extract(&mail.as_bytes()[..end]) {
            assert!(found.left_out.len() < 2, "{found:?}");
        }
    }
    let nested = format!(
        "{HEADER}{}\r\nPaid.",
        "Content-Type: message/rfc822\r\n\r\nSubject: Deep\r\n".repeat(10_000)
    );
    let (text, headings, left_out) = read_mail(nested.as_bytes());
    assert_eq!(text.matches("Subject: Deep").count(), MAX_DEPTH);
    assert_eq!(headings[1..], ["Deep"; MAX_DEPTH]);
    assert_eq!(left_out, [(OmissionKind::EmbeddedFile, Some(1))]);
    let nested = format!(
        "{HEADER}{}Content-Type: text/plain\r\n\r\nPaid.",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(10_000)
    );
    let (text, _, left_out) = read_mail(nested.as_bytes());
    assert!(text.ends_with("Paid."), "{text}");
    assert_eq!(left_out, []);
}

/// A multipart of some parts.
fn multipart(kind: &str, parts: &[&[u8]]) -> Vec<u8> {
    let boundary: String = kind.chars().filter(char::is_ascii_alphabetic).collect();
    let mut mail =
        format!("Content-Type: multipart/{kind}; boundary={boundary}\r\n\r\n").into_bytes();
    for part in parts {
        mail.extend(format!("--{boundary}\r\n").bytes());
        mail.extend_from_slice(part);
        mail.extend_from_slice(b"\r\n");
    }
    mail.extend(format!("--{boundary}--\r\n").bytes());
    mail
}

fn with_header(body: &[u8]) -> Vec<u8> {
    [HEADER.as_bytes(), body].concat()
}

#[test]
fn nested_mail_is_decoded_with_its_own_encoding() {
    let long = "Die Gebühr beträgt 35 Euro, und das für alle Mitglieder. ".repeat(40);
    let latin = |text: &str| encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let plain = |text: &str| [&b"Content-Type: text/plain\r\n\r\n"[..], &latin(text)].concat();
    let short = "Die Gebühr beträgt 35 Euro für alle.";
    for (text, pad) in [(short, 0), (short, 3_000), (&long, 0), (&long, 3_000)] {
        let text = text.trim();
        let single = [&b"Subject: Older\r\n"[..], &plain(text)].concat();
        let double = [
            &b"Subject: Older\r\n"[..],
            &multipart("mixed", &[&plain("Grüße aus Köln."), &plain(text)]),
        ]
        .concat();
        for (inner, greetings) in [(single, 0), (double, 1)] {
            let unencoded = [&b"Content-Type: message/rfc822\r\n\r\n"[..], &inner].concat();
            let code = base64::engine::general_purpose::STANDARD.encode(&inner);
            let encoded = format!(
                "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{code}"
            );
            let first = format!(
                "Content-Type: text/plain\r\n\r\nSee below. {}",
                "x".repeat(pad)
            );
            for inner in [&unencoded[..], encoded.as_bytes()] {
                let mail = with_header(&multipart("outer", &[first.as_bytes(), inner]));
                let (found, headings, left_out) = read_mail(&mail);
                assert!(found.trim_end().ends_with(text), "{found}");
                assert_eq!(found.matches("Grüße aus Köln.").count(), greetings);
                assert_eq!(found.matches("See below.").count(), 1);
                assert_eq!(headings, ["Gebühren", "Older"]);
                assert_eq!(left_out, []);
            }
        }
    }
}

const PLAIN: &[u8] = b"Content-Type: text/plain\r\n\r\nThe fee is 35.";
const FOOTER: &[u8] = b"Content-Type: text/plain\r\n\r\nSent to all members.";

fn html(body: &str) -> Vec<u8> {
    format!("Content-Type: text/html\r\n\r\n{body}").into_bytes()
}

#[test]
fn an_alternative_with_content_is_read() {
    let page = html("<p>The <b>fee</b> is 35.</p>");
    let image = html("<p><img src='https://example.org/a.png'></p>");
    for alternatives in [
        [PLAIN, &page],
        [&page, PLAIN],
        [PLAIN, &image],
        [&image, PLAIN],
        [
            PLAIN,
            &multipart(
                "related",
                &[
                    &image,
                    b"Content-Type: text/css\r\nContent-Disposition: attachment\r\n\r\nx",
                ],
            ),
        ],
        [PLAIN, &multipart("mixed", &[&page])],
        [b"Content-Type: text/plain\r\n\r\n", &page],
        [PLAIN, &html(&"<div>".repeat(3_000))],
    ] {
        let (text, _, _) = read_mail(&with_header(&multipart("alternative", &alternatives)));
        assert_eq!(text.matches("The fee is 35.").count(), 1, "{text}");
    }
    // Parts next to the alternative belong to it.
    let mail = multipart(
        "alternative",
        &[PLAIN, &multipart("mixed", &[&page, FOOTER])],
    );
    let (text, _, left_out) = read_mail(&with_header(&mail));
    assert_eq!(text.matches("The fee is 35.").count(), 1, "{text}");
    assert!(text.ends_with("Sent to all members."), "{text}");
    assert_eq!(left_out, []);
    // Struck text does not come back with another alternative.
    let mail = multipart("alternative", &[PLAIN, &html("<s>The fee is 35.</s>")]);
    let (text, _, left_out) = read_mail(&with_header(&mail));
    assert!(!text.contains("35"), "{text}");
    assert_eq!(left_out, [(OmissionKind::StruckText, Some(1))]);
}

#[test]
fn broken_encodings_are_decoded_as_far_as_possible() {
    let page = "<p>Die Gebühr beträgt 35 Euro für Mitglieder und 50 Euro für alle anderen.</p>";
    let code = base64::engine::general_purpose::STANDARD.encode(page);
    let (first, second) = code.split_at(60);
    let quoted = page.replace('ü', "=C3=BC").replace('ä', "=C3=A4");
    for (encoding, body) in [
        ("base64", format!("{first}\r\n*{second}")),
        (
            "base64",
            format!("{first}\r\n{second}\r\n_______\r\nThe list's own footer."),
        ),
        ("base64", page.to_owned()),
        ("quoted-printable", quoted.replace("<p>", "<p class==x>")),
        ("quoted-printable", format!("{quoted}<img width=50%>")),
    ] {
        for kind in ["text/html; charset=utf-8", "text/html"] {
            let part = format!(
                "Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}"
            );
            for mail in [
                part.clone().into_bytes(),
                multipart("mixed", &[part.as_bytes(), FOOTER]),
            ] {
                let (text, _, left_out) = read_mail(&with_header(&mail));
                assert!(
                    text.contains("\nDie Gebühr beträgt 35 Euro für Mitglieder und 50 Euro"),
                    "{body}: {text}"
                );
                assert_eq!(left_out, [], "{body}");
            }
        }
    }
}

#[test]
fn lost_characters_are_counted_per_part() {
    let sections = "<h2>a</h2><p>b\u{fffd}</p>".repeat(10_000);
    let header = b"Content-Type: text/html; charset=utf-8\r\n\r\n";
    let intact = [&header[..], sections.as_bytes()].concat();
    let broken = [
        &header[..],
        b"<h2>a</h2><p>b\xff</p><h2>c</h2><p>d\xff\xff</p>",
    ]
    .concat();
    let started = std::time::Instant::now();
    let (text, _, left_out) = read_mail(&with_header(&multipart("mixed", &[&intact, &broken])));
    assert_eq!(text.matches('\u{fffd}').count(), 10_003);
    assert_eq!(left_out, [(OmissionKind::UnknownCharacters, Some(3))]);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn a_broken_part_does_not_affect_the_others() {
    // Code page 437, which no detector recognizes.
    let noise =
        b"Content-Type: text/plain\r\n\r\nK\x84se, \x99l, sch\x94ne Gr\x81\xe1e aus K\x94ln"
            .to_vec();
    let deep = html(&"<div>".repeat(3_000));
    for bad in [noise, deep] {
        let (text, _, left_out) =
            read_mail(&with_header(&multipart("mixed", &[PLAIN, &bad, FOOTER])));
        assert!(
            text.contains("The fee is 35.") && text.contains("Sent to all members."),
            "{text}"
        );
        assert_eq!(left_out, [(OmissionKind::EmbeddedFile, Some(1))]);
    }
    let (text, _, left_out) = read_mail(&with_header(&multipart("mixed", &vec![PLAIN; 1_100])));
    assert_eq!(text.matches("The fee is 35.").count(), 1_000);
    assert_eq!(left_out, [(OmissionKind::EmbeddedFile, Some(100))]);
}

#[test]
fn dates_are_normalized_only_if_they_are_unambiguous() {
    for (written, expected) in [
        (
            "Sun, 1 Mar 2026 14:30:00 +0100",
            "2026-03-01T14:30:00+01:00",
        ),
        ("01 mar 2026 14:30:00 GMT", "2026-03-01T14:30:00Z"),
        ("1 Mar 26 14:30 -0500 (EST)", "2026-03-01T14:30:00-05:00"),
        ("29 Feb 2024 14:30:00 +0000", "2024-02-29T14:30:00Z"),
        ("1 March 2026 14:30:00 +0200", ""),
        ("1 abr 2026 14:30:00 +0200", ""),
        ("mar, 1 abr 2026 14:30:00 +0200", ""),
        ("mer. 1 avr. 2026 14:30:00 +0200", ""),
        ("31 Feb 2026 14:30:00 +0100", ""),
        ("29 Feb 2026 14:30:00 +0100", ""),
        ("1 Mar 2026 25:30:00 +0100", ""),
        ("1 Mar 2026 14:30:00 CET", ""),
        ("2026-03-01T14:30:00+01:00", ""),
        ("01.03.2026 14:30", ""),
        ("3/1/2026", ""),
        ("yesterday", ""),
    ] {
        let (text, _, _) =
            read_mail(format!("From: a@example.org\r\nDate: {written}\r\n\r\nPaid.").as_bytes());
        let expected = if expected.is_empty() {
            written
        } else {
            expected
        };
        assert!(
            text.contains(&format!("Date: {expected}\n")),
            "{written}: {text}"
        );
    }
}

#[test]
fn only_pictures_shown_in_the_page_are_decoration() {
    let picture = b"Content-Type: image/png\r\nContent-Disposition: inline; filename=\"plan.png\"\r\nContent-ID: <p@x>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA";
    for (body, is_shown) in [
        (PLAIN.to_vec(), false),
        (html("<p>The fee is 35.<img src=\"cid:p@x\">"), true),
        (html("<p>The fee is 35.<img src=cid:p%40x>"), true),
        (html("<p>The fee is 35.<img src='cid:other'>"), false),
    ] {
        for kind in ["mixed", "related"] {
            let (text, _, left_out) = read_mail(&with_header(&multipart(kind, &[&body, picture])));
            assert_eq!(!text.contains("Attachment: plan.png"), is_shown, "{text}");
            assert_eq!(left_out.is_empty(), is_shown);
        }
    }
}
