//! One suite for every search engine. Meilisearch is tested if `MEILI_URL` names a server; `make test` prints a note
//! otherwise.

use chrono::{DateTime, Utc};
use projections::conversation::MessageRole;
use projections::search::{
    IndexedDocument, IndexedKind, Meilisearch, SearchEngine, SearchFilter, SearchQuery,
};
use uuid::Uuid;

/// All engines, each with an empty index of its own.
pub async fn open_engines() -> Vec<SearchEngine> {
    let mut engines = vec![SearchEngine::new(&testing::database().await, None)];
    if let Ok(url) = std::env::var("MEILI_URL") {
        let key = std::env::var("MEILI_MASTER_KEY").ok();
        let engine = Meilisearch::new(&url, key.as_deref(), Uuid::new_v4()).unwrap();
        engines.push(SearchEngine::new(&testing::database().await, Some(engine)));
    }
    for engine in &engines {
        engine.prepare().await.unwrap();
    }
    engines
}

pub fn document(owner_id: Uuid, kind: IndexedKind, content: &str, seconds: i64) -> IndexedDocument {
    let id = Uuid::now_v7();
    IndexedDocument {
        id,
        kind,
        parent_id: Uuid::from_u128(7),
        scope_id: owner_id,
        role: None,
        content: content.to_owned(),
        created_at: DateTime::<Utc>::from_timestamp(1_700_000_000 + seconds, 0).unwrap(),
    }
}

pub fn query(owner_id: Uuid, text: &str) -> SearchQuery {
    SearchQuery {
        reader: owner_id,
        shared_scopes: vec![],
        text: text.to_owned(),
        filter: SearchFilter::default(),
        offset: 0,
        limit: 10,
    }
}

#[tokio::test]
async fn words_are_found_by_prefix_in_any_case_and_only_by_their_owner() {
    for engine in open_engines().await {
        let (ada, bob) = (Uuid::now_v7(), Uuid::now_v7());
        let documents = [
            document(
                ada,
                IndexedKind::Message,
                "Wie groß ist der Äpfelbaum im Garten?",
                1,
            ),
            document(
                ada,
                IndexedKind::Message,
                "Projections are rebuilt from the log.",
                2,
            ),
            document(bob, IndexedKind::Message, "Nobody else's projections", 3),
        ];
        engine.update(&documents, &[]).await.unwrap();
        for (text, expected) in [
            ("äpfelbaum", 0),
            ("ÄPFEL", 0),
            ("projec", 1),
            ("rebuilt projections", 1),
        ] {
            let found = engine.find(&query(ada, text)).await.unwrap();
            assert_eq!(found, [documents[expected].id], "{}: {text}", engine.name());
        }
        for text in ["xylophone", "?!", "'; drop table search_documents; --"] {
            let found = engine.find(&query(ada, text)).await.unwrap();
            assert!(found.is_empty(), "{}: {text}", engine.name());
        }
    }
}

#[tokio::test]
async fn a_typing_error_is_tolerated() {
    for engine in open_engines().await {
        let ada = Uuid::now_v7();
        let documents = [
            document(ada, IndexedKind::Message, "The rhinoceros sleeps.", 1),
            document(ada, IndexedKind::Message, "The elephant does not.", 2),
        ];
        engine.update(&documents, &[]).await.unwrap();
        let found = engine.find(&query(ada, "rhinocerus")).await.unwrap();
        assert_eq!(found, [documents[0].id], "{}", engine.name());
    }
}

#[tokio::test]
async fn a_replaced_document_is_found_by_its_new_text_and_a_removed_one_not_at_all() {
    for engine in open_engines().await {
        let ada = Uuid::now_v7();
        let mut first = document(ada, IndexedKind::Message, "first form", 1);
        let second = document(ada, IndexedKind::Message, "second text", 2);
        engine
            .update(&[first.clone(), second.clone()], &[])
            .await
            .unwrap();
        first.content = "other shape".to_owned();
        engine.update(&[first.clone()], &[second.id]).await.unwrap();
        let find = async |text| engine.find(&query(ada, text)).await.unwrap();
        assert_eq!(find("shape").await, [first.id]);
        assert!(find("first").await.is_empty(), "{}", engine.name());
        assert!(find("second").await.is_empty(), "{}", engine.name());
    }
}

#[tokio::test]
async fn kind_parent_and_page_restrict_the_hits() {
    for engine in open_engines().await {
        let ada = Uuid::now_v7();
        let mut documents: Vec<IndexedDocument> = (0..5)
            .map(|n| document(ada, IndexedKind::Message, "walrus", n))
            .collect();
        documents.push(document(ada, IndexedKind::Conversation, "walrus", 9));
        documents[0].parent_id = Uuid::from_u128(8);
        engine.update(&documents, &[]).await.unwrap();
        let only_titles = SearchQuery {
            filter: SearchFilter {
                kind: Some(IndexedKind::Conversation),
                ..SearchFilter::default()
            },
            ..query(ada, "walrus")
        };
        assert_eq!(engine.find(&only_titles).await.unwrap(), [documents[5].id]);
        let within_parent = SearchQuery {
            filter: SearchFilter {
                within: Some(Uuid::from_u128(8)),
                ..SearchFilter::default()
            },
            ..query(ada, "walrus")
        };
        assert_eq!(
            engine.find(&within_parent).await.unwrap(),
            [documents[0].id]
        );
        let mut seen = Vec::new();
        for offset in [0, 4] {
            let page = SearchQuery {
                offset,
                limit: 4,
                ..query(ada, "walrus")
            };
            seen.extend(engine.find(&page).await.unwrap());
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 6, "{}", engine.name());
    }
}

#[tokio::test]
async fn role_and_time_restrict_the_hits() {
    for engine in open_engines().await {
        let ada = Uuid::now_v7();
        let mut documents: Vec<IndexedDocument> = (0..4)
            .map(|n| document(ada, IndexedKind::Message, "walrus", n * 10))
            .collect();
        for (place, role) in [
            (0, MessageRole::User),
            (1, MessageRole::Assistant),
            (2, MessageRole::User),
        ] {
            documents[place].role = Some(role);
        }
        engine.update(&documents, &[]).await.unwrap();
        let at = |place: usize| Some(documents[place].created_at);
        let found = async |role, since, until| {
            let filter = SearchFilter {
                role,
                since,
                until,
                ..SearchFilter::default()
            };
            let query = SearchQuery {
                filter,
                ..query(ada, "walrus")
            };
            let found = engine.find(&query).await.unwrap();
            let mut places: Vec<usize> = found
                .iter()
                .map(|id| {
                    documents
                        .iter()
                        .position(|document| document.id == *id)
                        .unwrap()
                })
                .collect();
            places.sort_unstable();
            places
        };
        assert_eq!(found(Some(MessageRole::User), None, None).await, [0, 2]);
        assert_eq!(found(None, at(1), None).await, [1, 2, 3]);
        assert_eq!(found(None, None, at(1)).await, [0]);
        assert_eq!(found(Some(MessageRole::User), at(1), at(3)).await, [2]);
        assert_eq!(found(None, at(3), at(1)).await, [0; 0], "{}", engine.name());
    }
}

#[tokio::test]
async fn a_very_long_text_can_be_indexed() {
    for engine in open_engines().await {
        let ada = Uuid::now_v7();
        let words: String = (0..200_000).map(|n| format!("w{n:x} ")).collect();
        let long = document(ada, IndexedKind::Message, &words, 1);
        engine
            .update(std::slice::from_ref(&long), &[])
            .await
            .unwrap();
        let found = engine.find(&query(ada, "w1f")).await.unwrap();
        assert_eq!(found, [long.id], "{}", engine.name());
    }
}

#[tokio::test]
async fn shared_documents_are_found_in_their_scope_until_it_is_removed() {
    for engine in open_engines().await {
        let (ada, base, document_id) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        let mut name = document(base, IndexedKind::Document, "walrus.pdf", 1);
        (name.id, name.parent_id) = (document_id, base);
        let mut passage = document(base, IndexedKind::Passage, "The walrus has tusks.", 1);
        passage.parent_id = document_id;
        let own = document(ada, IndexedKind::Message, "walrus", 2);
        let all = [name.clone(), passage.clone(), own.clone()];
        engine.update(&all, &[]).await.unwrap();
        let find = async |shared: &[Uuid]| {
            let query = SearchQuery {
                shared_scopes: shared.to_vec(),
                ..query(ada, "walrus")
            };
            let mut found = engine.find(&query).await.unwrap();
            found.sort();
            found
        };
        let sorted = |mut ids: Vec<Uuid>| {
            ids.sort();
            ids
        };
        assert_eq!(find(&[]).await, [own.id], "{}", engine.name());
        let everything = sorted(vec![name.id, passage.id, own.id]);
        assert_eq!(find(&[base]).await, everything, "{}", engine.name());
        engine.remove_within(&[document_id]).await.unwrap();
        assert_eq!(find(&[base]).await, sorted(vec![name.id, own.id]));
        engine.remove_within(&[base]).await.unwrap();
        assert_eq!(find(&[base]).await, [own.id], "{}", engine.name());
    }
}

/// Every search scans the whole pending list of an index, so it must stay short.
#[tokio::test]
async fn indexes_have_no_long_pending_lists() {
    let pool = testing::database().await;
    let long: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_am a on a.oid = c.relam
         where a.amname = 'gin' and c.relnamespace = 'public'::regnamespace
           and not coalesce('fastupdate=off' = any(c.reloptions), false)
           and not coalesce(array_to_string(c.reloptions, ' ') ~ 'gin_pending_list_limit=\\d{1,3}\\M', false)",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(long, Vec::<String>::new());
}
