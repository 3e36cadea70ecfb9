//! What a data source's text means.

use tokio_postgres::config::Host;

use super::*;

fn parse(text: &str) -> Dsn {
    Dsn::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn host(dsn: &Dsn) -> String {
    match dsn.config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(path)) => path.display().to_string(),
        None => String::new(),
    }
}

#[test]
fn a_url_and_pairs_say_the_same() {
    for text in [
        "postgresql://me:p%40ss%20w@db.example:6432/app?sslmode=disable&statement_timeout=500",
        "postgres://db.example:6432/app?sslmode=disable&user=me&password=p%40ss+w&statement_timeout=500",
        "host=db.example port=6432 user=me password='p@ss w' dbname=app sslmode=disable statement_timeout=500",
        "  user = me password=\"p@ss w\" host = db.example port=6432 dbname=app sslmode=disable statement_timeout = 500",
    ] {
        let dsn = parse(text);
        assert_eq!(host(&dsn), "db.example", "{text}");
        assert_eq!(dsn.server, "db.example:6432");
        assert_eq!(dsn.config.get_user(), Some("me"));
        assert_eq!(dsn.config.get_password(), Some("p@ss w".as_bytes()));
        assert_eq!(dsn.config.get_dbname(), Some("app"));
        assert_eq!(dsn.config.get_options(), Some("-c statement_timeout=500"));
        assert_eq!(dsn.ssl, SslMode::Disable);
        assert_eq!(dsn.shown, "me@db.example:6432/app");
    }
}

#[test]
fn tls_is_required_over_tcp_and_not_used_on_a_socket() {
    assert_eq!(parse("host=db user=a").ssl, SslMode::Require);
    assert_eq!(
        parse("postgresql://a@db/x?sslmode=verify-full").ssl,
        SslMode::VerifyFull
    );
    let local = parse("user=prometheus host=/run/postgresql dbname=postgres");
    assert_eq!(local.ssl, SslMode::Disable);
    assert_eq!(local.server, "/run/postgresql:5432");
    assert_eq!(host(&parse("postgresql://a@[::1]:5433/x")), "::1");
}

#[test]
fn what_cannot_be_understood_is_named_and_no_password_is_shown() {
    for (text, said) in [
        ("", "empty"),
        ("nonsense", "no = in a pair"),
        ("host=a port=x", "port=x"),
        ("host=a sslmode=perhaps", "sslmode=perhaps"),
        ("host=a password='open", "a quote is not closed"),
        ("host=a sslcert=/a.pem", "come together"),
        ("host=a password=secret bad-name=1", "a name before ="),
        ("postgresql://a:secret%zz@b", "not followed by two digits"),
    ] {
        let error = Dsn::parse(text).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(said), "{text}: {error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn variables_make_a_url_whatever_the_password_holds() {
    let source = Source {
        uri: Some("db:5433/app?sslmode=disable".to_owned()),
        user: Some("me".to_owned()),
        password: Some("a/b:c@d?%".to_owned()),
        ..Source::default()
    };
    let sources = from_environment(&source).unwrap();
    let dsn = sources.first().unwrap();
    assert_eq!(dsn.config.get_password(), Some("a/b:c@d?%".as_bytes()));
    assert_eq!(dsn.shown, "me@db:5433/app");
    assert!(from_environment(&Source::default()).unwrap().is_empty());
    let two = Source {
        name: Some("host=/a port=1,host=/b port=2".to_owned()),
        ..source
    };
    assert_eq!(from_environment(&two).unwrap().len(), 2);
}

#[test]
fn a_modules_words_win_in_a_probe() {
    let module: crate::config_file::AuthModule = serde_saphyr::from_str(
        "type: userpass\nuserpass:\n  username: first\n  password: firstpass\noptions:\n  sslmode: disable\n",
    )
    .unwrap();
    for target in [
        "db:5433/app",
        "postgresql://x:y@db:5433/app",
        "host=db port=5433 user=x dbname=app",
    ] {
        let dsn = configure_target(target, Some(&module)).unwrap();
        assert_eq!(dsn.shown, "first@db:5433/app", "{target}");
        assert_eq!(dsn.config.get_password(), Some("firstpass".as_bytes()));
        assert_eq!(dsn.ssl, SslMode::Disable);
    }
}
