use super::*;

const HERE: &str = "192.0.2.1";

async fn fails(limits: &Limits, account: &str, address: &str) -> Result<(), Problem> {
    let allowance = Allowance::default();
    let attempt = limits.try_password(account, address.parse().ok(), &allowance);
    attempt.await.map(drop)
}

async fn succeeds(limits: &Limits, account: &str, address: &str) -> Result<(), Problem> {
    let allowance = Allowance::default();
    let attempt = limits.try_password(account, address.parse().ok(), &allowance);
    attempt.await.map(Attempt::spare)
}

#[tokio::test(start_paused = true)]
async fn guesses_from_elsewhere_never_refuse_the_owner() {
    let limits = Limits::new(true);
    let mut refused = 0;
    for n in 0..40 {
        for address in 0..20 {
            let result = fails(&limits, "ada", &format!("203.0.113.{address}")).await;
            refused += u32::from(result.is_err());
        }
        assert!(succeeds(&limits, "ada", HERE).await.is_ok(), "round {n}");
        assert!(succeeds(&limits, "bob", HERE).await.is_ok(), "round {n}");
    }
    assert!(refused > 0, "the guesses themselves are slowed");
}

#[tokio::test(start_paused = true)]
async fn only_failures_count_and_the_last_one_may_still_be_right() {
    let limits = Limits::new(true);
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
async fn what_retry_after_says_is_enough_and_no_more_than_needed() {
    for (first, account) in [(10, true), (60, false)] {
        let limits = Limits::new(true);
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
async fn networks_of_one_subscriber_count_as_one_place_and_others_do_not() {
    for (exhausted, same, other) in [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
    ] {
        let limits = Limits::new(true);
        for n in 0..60 {
            fails(&limits, &n.to_string(), exhausted).await.unwrap();
        }
        assert!(fails(&limits, "x", same).await.is_err(), "{same}");
        assert!(fails(&limits, "x", other).await.is_ok(), "{other}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_networks_of_one_site_are_counted_together_as_well() {
    // (networks, accounts, how many failures are taken of all of them)
    for (networks, accounts, taken) in [(1_000, 1_000, 480), (9, 1_000, 480), (1_000, 1, 80)] {
        let limits = Limits::new(true);
        let mut failures = 0;
        for n in 0..1_000 {
            let (account, network) = (n % accounts, n % networks);
            let address = format!("2001:db8:1:{network:x}::{n:x}");
            let failed = fails(&limits, &account.to_string(), &address).await;
            failures += u32::from(failed.is_ok());
        }
        assert_eq!(failures, taken);
        for (elsewhere, is_let_in) in [
            ("2001:db8:1:ffff::1", false),
            ("2001:db8:2::1", true),
            ("2001:db9:1::1", true),
            (HERE, true),
        ] {
            let result = succeeds(&limits, "0", elsewhere).await;
            assert_eq!(result.is_ok(), is_let_in, "{elsewhere}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_crowd_from_one_site_waits_for_its_own_turns() {
    use futures_util::FutureExt;
    use tokio::task::unconstrained;
    let limits = Limits::new(true);
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
    let mut begun = vec![];
    for attempt in &mut crowd {
        begun.extend(attempt.as_mut().now_or_never());
    }
    let (tried, refused): (Vec<_>, Vec<_>) = begun.into_iter().partition(Result::is_ok);
    assert_eq!((tried.len(), refused.len()), (2, 742), "256 wait");
    for address in [HERE, "2001:db8:2::1", "192.0.2.2"] {
        let attempt = unconstrained(succeeds(&limits, "ada", address)).now_or_never();
        assert!(attempt.is_some_and(|attempt| attempt.is_ok()), "{address}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_networks_lock_nobody_out() {
    let limits = Limits::new(true);
    for n in 0..5_000 {
        let address = format!("10.{}.{}.{}", n % 7, n / 256 % 256, n % 256);
        let _ = fails(&limits, &format!("account {n}"), &address).await;
    }
    assert!(succeeds(&limits, "ada", HERE).await.is_ok());
}

/// Whatever is tried, a bucket is a digest and an instant, and there are so many at most.
#[tokio::test(start_paused = true)]
async fn what_is_kept_is_bounded_and_goes_when_its_time_is_over() {
    let limits = Limits::new(true);
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
async fn a_flood_of_keys_keeps_no_more_than_the_capacity() {
    let buckets = Buckets::new(ACCOUNT);
    for n in 0..70_000_u32 {
        buckets.take(&key(&[&n.to_be_bytes()])).unwrap();
    }
    assert_eq!(buckets.len(), 65_536);
}

#[tokio::test(start_paused = true)]
async fn limits_can_be_turned_off() {
    let limits = Limits::new(false);
    for _ in 0..1_000 {
        fails(&limits, "ada", HERE).await.unwrap();
    }
    assert_eq!(limits.retained(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_headers_name_every_limit_and_what_is_left_of_the_tightest() {
    let limits = Limits::new(true);
    let (first, second) = (Allowance::default(), Allowance::default());
    assert_eq!(first.headers(), None);
    drop(limits.try_password("ada", HERE.parse().ok(), &first).await);
    let attempt = limits.try_password("ada", HERE.parse().ok(), &second).await;
    let policies = "\"account\";q=10;w=60, \"address\";q=60;w=60";
    let told = |left: &str| Some((policies.to_owned(), left.to_owned()));
    assert_eq!(second.headers(), told("\"account\";r=8;t=12"));
    attempt.unwrap().spare();
    assert_eq!(second.headers(), told("\"account\";r=9;t=6"));
    assert_eq!(first.headers(), told("\"account\";r=9;t=6"));
}

#[tokio::test(start_paused = true)]
async fn sign_ups_that_tell_of_accounts_are_few_and_do_not_stop_log_ins() {
    let limits = Limits::new(true);
    let address = HERE.parse().ok();
    let allowance = Allowance::default();
    for _ in 0..10 {
        drop(limits.try_sign_up(address, &allowance).await.unwrap());
    }
    let refused = limits.try_sign_up(address, &allowance).await.unwrap_err();
    assert_eq!(refused.retry_after, Some(360));
    assert!(succeeds(&limits, "ada", HERE).await.is_ok());
}
