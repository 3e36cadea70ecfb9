//! Every argument of every granted function, left out and filled with what no caller should send: whatever a function
//! says then, it is a reason of the register and no failure of its own.

use kardan_schema::Reason;
use kardan_testdb::Session;

use super::catalogue::{Answer, Function, attempt, functions, refusal};
use super::scene::{Owner, Which, pointers, scene, value};
use super::table::{Line, table};

/// What is sent as a value of this type, beside nothing.
fn garbage(ty: &str) -> &'static [&'static str] {
    match ty {
        "bigint" => &["0", "-1", "9223372036854775807", "-9223372036854775808"],
        "integer" => &["0", "-1", "2147483647", "-2147483648"],
        "double precision" => &["0", "-1", "1e308", "'NaN'", "'Infinity'", "'-Infinity'"],
        "boolean" => &["true", "false"],
        "uuid" => &[
            "'00000000-0000-0000-0000-000000000000'",
            "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
        ],
        "bytea" => &["''", "decode(repeat('00', 100000), 'hex')"],
        "timestamp with time zone" => &[
            "'infinity'",
            "'-infinity'",
            "'4714-11-24 BC'",
            "'294276-12-31'",
        ],
        "text" => &[
            "''",
            "' '",
            "repeat('x', 100000)",
            r"E'\x01\x7f'",
            r"U&'\202e\200b\FEFF'",
            "'😀'",
            r"'%_\'",
            "'('';(|||&&&:*!['",
        ],
        "jsonb" => &[
            "'null'",
            "'[]'",
            "'{}'",
            "'1e400'",
            r#"'"x"'"#,
            r#"'{"a": null, "b": [], "c": {}, "vin": 1}'"#,
            r#"'{"a": "' || repeat('x', 100000) || '"}'"#,
        ],
        "text[]" => &[
            "'{}'",
            "'{null}'",
            "'{{a,b},{c,d}}'",
            "array_fill('x'::text, array[5000])",
            "array[repeat('x', 100000)]",
        ],
        "uuid[]" => &[
            "'{}'",
            "'{null}'",
            "'{{00000000-0000-0000-0000-000000000000}}'",
            "array_fill('00000000-0000-0000-0000-000000000000'::uuid, array[5000])",
        ],
        "bigint[]" | "integer[]" => &[
            "'{}'",
            "'{null}'",
            "'{{1},{2}}'",
            "array_fill(2147483647, array[5000])",
        ],
        _ => &[],
    }
}

/// Whom the call is made for: an owner, the owner of a shop, a moderator, an administrator.
const ACTORS: [&str; 4] = ["101", "102", "108", "109"];

#[tokio::test]
async fn no_argument_left_out_or_filled_with_garbage_breaks_a_function() -> anyhow::Result<()> {
    let (_db, session) = scene().await?;
    let table = table();
    let mut found = Vec::new();
    for function in functions(&session).await? {
        let (actor, things) = best(&session, &function, table.get(function.name.as_str())).await?;
        let valid = |argument: &str, ty: &str| value(&function.name, actor, &things, argument, ty);
        for (broken, ty) in &function.arguments {
            for sent in [&["null"], garbage(ty)].concat() {
                let call = function.call(|argument, ty| {
                    if argument == broken {
                        sent.to_owned()
                    } else {
                        valid(argument, ty)
                    }
                });
                found.extend(fault(&session, &function, &call, &format!("{broken} {sent}")).await?);
            }
        }
        // All at once: what one argument covers up in another.
        for turn in 0..8 {
            let call = function.call(|argument, ty| match garbage(ty) {
                _ if argument == "p_actor" => actor.to_owned(),
                [] => "null".to_owned(),
                _ if turn == 0 => "null".to_owned(),
                all => all[turn % all.len()].to_owned(),
            });
            found.extend(fault(&session, &function, &call, &format!("all {turn}")).await?);
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    Ok(())
}

/// Who gets furthest with which thing: the call that works, else the first one.
async fn best(
    session: &Session,
    function: &Function,
    line: Option<&Line>,
) -> anyhow::Result<(&'static str, Vec<(&'static str, i64)>)> {
    let mut things = vec![Vec::new()];
    for (kind, _) in line.map_or(&[][..], |line| &line.cells) {
        let of = |owner| pointers(kind, Which::Of(owner));
        things.extend([of(Owner::Person), of(Owner::Shop)].into_iter().flatten());
    }
    for actor in ACTORS {
        for things in things.iter().rev() {
            let call =
                function.call(|argument, ty| value(&function.name, actor, things, argument, ty));
            let answer = attempt(session, &function.callers[0], "select", &call).await?;
            if matches!(answer, Answer::Done(rows, _) if !rows.is_empty()) {
                return Ok((actor, things.clone()));
            }
        }
    }
    Ok((ACTORS[0], things.pop().unwrap_or_default()))
}

/// What is wrong with the answer to this call.
async fn fault(
    session: &Session,
    function: &Function,
    call: &str,
    sent: &str,
) -> anyhow::Result<Option<String>> {
    let answer = refusal(session, &function.callers[0], call).await?;
    Ok(match answer {
        Some(Answer::Refused(reason, state, ..)) if Reason::from_code(&reason).is_none() => {
            let name = &function.name;
            Some(format!("{name}, {sent}: {state} {reason}"))
        }
        _ => None,
    })
}
