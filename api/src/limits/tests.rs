use super::*;

const HERE: &str = "192.0.2.1";

fn limited() -> Limits {
    Limits::new(Some(PerPerson::default()))
}

async fn fails(limits: &Limits, account: &str, address: &str) -> Result<(), Problem> {
    let allowance = Allowance::default();
    let attempt = limits.try_password(account, address.parse().ok(), &allowance);
    attempt.await.map(drop)
}

async fn succeeds(limits: &Limits, account: &str, address: &str) -> Result<(), Problem> {
    let allowance = Allowance::default();
    let attempt = limits.try_password(account, address.parse().ok(), &allowance);
    attempt.await.map(Attempt::refund)
}

#[tokio::test(start_paused = true)]
async fn guesses_from_elsewhere_never_lock_the_owner_out() {
    let limits = limited();
    let mut refused = 0;
    for n in 0..40 {
        for address in 0..20 {
            let result = fails(&limits, "ada", &format!("203.0.113.{address}")).await;
            refused += u32::from(result.is_err());
        }
        assert!(succeeds(&limits, "ada", HERE).await.is_ok(), "round {n}");
        assert!(succeeds(&limits, "bob", HERE).await.is_ok(), "round {n}");
    }
    assert!(refused > 0, "the guesses themselves are limited");
}

#[tokio::test(start_paused = true)]
async fn only_failures_count() {
    let limits = limited();
    for _ in 0..1_000 {
        succeeds(&limits, "ada", HERE).await.unwrap();
    }
    for _ in 0..9 {
        fails(&limits, "ada", HERE).await.unwrap();
    }
    for _ in 0..100 {
        succeeds(&limits, "ada", HERE).await.unwrap();
    }
    fails(&limits, "ada", HERE).await.unwrap();
    let refused = succeeds(&limits, "ada", HERE).await.unwrap_err();
    assert_eq!(refused.retry_after, Some(6));
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_exact() {
    for (first, account) in [(10, true), (60, false)] {
        let limits = limited();
        let name = |n: u32| {
            if account {
                "ada".to_owned()
            } else {
                n.to_string()
            }
        };
        for n in 0..first {
            fails(&limits, &name(n), HERE).await.unwrap();
        }
        let wait = fails(&limits, &name(99), HERE).await.unwrap_err();
        let wait = Duration::from_secs(wait.retry_after.unwrap());
        tokio::time::advance(wait.checked_sub(Duration::from_secs(1)).unwrap()).await;
        assert!(fails(&limits, &name(99), HERE).await.is_err());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(succeeds(&limits, &name(99), HERE).await.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn addresses_of_one_subscriber_are_counted_together() {
    for (exhausted, same, other) in [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
    ] {
        let limits = limited();
        for n in 0..60 {
            fails(&limits, &n.to_string(), exhausted).await.unwrap();
        }
        assert!(fails(&limits, "x", same).await.is_err(), "{same}");
        assert!(fails(&limits, "x", other).await.is_ok(), "{other}");
    }
}

#[tokio::test(start_paused = true)]
async fn networks_of_one_site_have_a_common_limit() {
    // (networks, accounts, failures that are allowed in total)
    for (networks, accounts, allowed) in [(1_000, 1_000, 480), (9, 1_000, 480), (1_000, 1, 80)] {
        let limits = Limits::new(Some(PerPerson::default()));
        let mut failures = 0;
        for n in 0..1_000 {
            let (account, network) = (n % accounts, n % networks);
            let address = format!("2001:db8:1:{network:x}::{n:x}");
            let failed = fails(&limits, &account.to_string(), &address).await;
            failures += u32::from(failed.is_ok());
        }
        assert_eq!(failures, allowed);
        for (elsewhere, is_allowed) in [
            ("2001:db8:1:ffff::1", false),
            ("2001:db8:2::1", true),
            ("2001:db9:1::1", true),
            (HERE, true),
        ] {
            let result = succeeds(&limits, "0", elsewhere).await;
            assert_eq!(result.is_ok(), is_allowed, "{elsewhere}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_site_does_not_delay_others() {
    use futures_util::FutureExt;
    use tokio::task::unconstrained;
    let limits = Limits::new(Some(PerPerson::default()));
    let allowance = Allowance::default();
    let mut crowd = vec![];
    for n in 0..1_000_u32 {
        let (limits, allowance) = (&limits, &allowance);
        crowd.push(Box::pin(unconstrained(async move {
            let address = format!("2001:db8:1:{n:x}::1").parse().ok();
            let name = format!("account {n}");
            limits.try_password(&name, address, allowance).await
        })));
    }
    let mut started = vec![];
    for attempt in &mut crowd {
        started.extend(attempt.as_mut().now_or_never());
    }
    let (running, refused): (Vec<_>, Vec<_>) = started.into_iter().partition(Result::is_ok);
    assert_eq!((running.len(), refused.len()), (2, 742), "256 wait");
    for address in [HERE, "2001:db8:2::1", "192.0.2.2"] {
        let attempt = unconstrained(succeeds(&limits, "ada", address)).now_or_never();
        assert!(attempt.is_some_and(|attempt| attempt.is_ok()), "{address}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_networks_lock_nobody_out() {
    let limits = limited();
    for n in 0..5_000 {
        let address = format!("10.{}.{}.{}", n % 7, n / 256 % 256, n % 256);
        let _ = fails(&limits, &format!("account {n}"), &address).await;
    }
    assert!(succeeds(&limits, "ada", HERE).await.is_ok());
}

/// A bucket has a fixed size whatever the input, and the number of buckets is bounded.
#[tokio::test(start_paused = true)]
async fn buckets_are_bounded_and_removed_when_they_are_full_again() {
    let limits = limited();
    let huge = "a".repeat(100_000);
    for n in 0..200 {
        let _ = fails(&limits, &format!("{n}{huge}"), &format!("10.0.{n}.1")).await;
    }
    assert_eq!(limits.retained(), 400);
    tokio::time::advance(Duration::from_mins(2)).await;
    for _ in 0..300 {
        succeeds(&limits, "ada", HERE).await.unwrap();
    }
    assert!(limits.retained() <= 4, "{}", limits.retained());
}

#[tokio::test(start_paused = true)]
async fn the_number_of_buckets_never_exceeds_the_capacity() {
    let buckets = Buckets::new(ACCOUNT);
    for n in 0..70_000_u32 {
        buckets.take(&key(&[&n.to_be_bytes()])).unwrap();
    }
    assert_eq!(buckets.len(), 65_536);
}

#[tokio::test(start_paused = true)]
async fn limits_can_be_turned_off() {
    let limits = Limits::new(None);
    for _ in 0..1_000 {
        fails(&limits, "ada", HERE).await.unwrap();
    }
    assert_eq!(limits.retained(), 0);
}

#[tokio::test(start_paused = true)]
async fn headers_list_all_limits_and_what_remains_of_the_tightest() {
    let limits = limited();
    let (first, second) = (Allowance::default(), Allowance::default());
    assert_eq!(first.headers(), None);
    drop(limits.try_password("ada", HERE.parse().ok(), &first).await);
    let attempt = limits.try_password("ada", HERE.parse().ok(), &second).await;
    let policies = "\"account\";q=10;w=60, \"address\";q=60;w=60";
    let headers = |left: &str| Some((policies.to_owned(), left.to_owned()));
    assert_eq!(second.headers(), headers("\"account\";r=8;t=12"));
    attempt.unwrap().refund();
    assert_eq!(second.headers(), headers("\"account\";r=9;t=6"));
    assert_eq!(first.headers(), headers("\"account\";r=9;t=6"));
}

#[tokio::test(start_paused = true)]
async fn sign_ups_that_reveal_accounts_are_limited_and_do_not_block_logins() {
    let limits = limited();
    let address = HERE.parse().ok();
    let allowance = Allowance::default();
    for _ in 0..10 {
        drop(limits.try_sign_up(address, &allowance).await.unwrap());
    }
    let refused = limits.try_sign_up(address, &allowance).await.unwrap_err();
    assert_eq!(refused.retry_after, Some(360));
    assert!(succeeds(&limits, "ada", HERE).await.is_ok());
}

const fn person(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

#[tokio::test(start_paused = true)]
async fn writes_are_allowed_in_a_burst_and_then_at_a_steady_rate() {
    for (writes, at_once) in [(1, 1), (2, 1), (60, 30), (1_200, 600)] {
        let limits = Limits::new(Some(PerPerson {
            writes: NonZeroU32::new(writes).unwrap(),
            ..PerPerson::default()
        }));
        let write = |n| limits.write(person(n), &Allowance::default());
        for _ in 0..at_once {
            write(1).unwrap();
        }
        for round in 0..3 {
            let wait = write(1).unwrap_err().retry_after.unwrap();
            assert!(write(2 + round).is_ok(), "other users are not limited");
            tokio::time::advance(Duration::from_secs(wait)).await;
            let pace = (0..10_000).take_while(|_| write(1).is_ok()).count();
            let allowed = u64::from(writes.max(2)) * wait / 60;
            assert_eq!(
                u64::try_from(pace).unwrap(),
                allowed,
                "{writes} in {wait} s"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn write_buckets_are_removed_when_they_are_full_again() {
    let limits = limited();
    for n in 0..500 {
        limits.write(person(n), &Allowance::default()).unwrap();
    }
    assert_eq!(limits.retained(), 500);
    tokio::time::advance(MINUTE).await;
    for _ in 0..500 {
        limits.write(person(1), &Allowance::default()).unwrap();
    }
    assert_eq!(limits.retained(), 1);
}

type Take<'a> = &'a dyn Fn(Uuid) -> Result<Share, Problem>;

#[tokio::test]
async fn shares_are_released_when_they_are_dropped() {
    let allowed = PerPerson::default();
    let limits = limited();
    let kinds: [(Take<'_>, usize); 4] = [
        (&|id| limits.stream(id), allowed.streams),
        (&|id| limits.subscription(id), allowed.streams * 8),
        (&|id| limits.download(id), 64),
        (
            &|id| limits.export(id).map(|export| export.share),
            allowed.exports,
        ),
    ];
    for (take, limit) in kinds {
        let mut held: Vec<Share> = (0..limit).map(|_| take(person(1)).unwrap()).collect();
        let refused = take(person(1)).unwrap_err();
        assert_eq!(refused.status, 429);
        assert!(refused.retry_after.is_some());
        assert!(take(person(2)).is_ok(), "other users have their own");
        held.pop();
        held.push(take(person(1)).unwrap());
        assert!(take(person(1)).is_err());
    }
    assert_eq!(limits.persons.held(), 0);
}

#[tokio::test]
async fn the_exports_of_all_users_are_limited_together() {
    let limits = limited();
    let mut held: Vec<ExportPermit> = (0..16).map(|n| limits.export(person(n)).unwrap()).collect();
    let refused = limits.export(person(99)).unwrap_err();
    assert_eq!((refused.status.as_u16(), refused.code), (503, "busy"));
    assert!(refused.retry_after.is_some());
    // The writer may outlast the reader.
    let ExportPermit { share, slot } = held.pop().unwrap();
    drop(share);
    assert!(limits.export(person(99)).is_err());
    drop(slot);
    assert!(limits.export(person(99)).is_ok());
}

#[tokio::test]
async fn without_limits_nobody_is_refused() {
    let limits = Limits::new(None);
    let mut held = vec![];
    for _ in 0..5_000 {
        limits.write(person(1), &Allowance::default()).unwrap();
        held.push((limits.stream(person(1)), limits.export(person(1))));
        assert!(
            held.last()
                .is_some_and(|(stream, export)| stream.is_ok() && export.is_ok())
        );
    }
}
