//! Price lists and lists of stock as files: what is taken over, what is refused, and that nothing is left of half a file.

use kardan_schema::{Role, ShopId, ShopScope};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::shop_tokens::{shop, token};
use crate::support::{Person, Server, expect, problem};

/// A shop with its owner, and short words for sending files to it.
pub struct Store<'a> {
    pub server: &'a Server,
    pub owner: Person<'a>,
    pub shop: ShopId,
}

/// A price list of two goods.
pub const TWO: &str = "Код;Название;Цена;Остаток;Категория;Состояние;Город;Телефон\n\
    A-1;Колодки передние;1 234,50;7;brake-pads;новый;Москва;+7 900 000-00-00\n\
    A-2;Колодки задние;900;0;Тормозные колодки;б/у;moscow;'+7 900 000-00-00\n";

impl<'a> Store<'a> {
    pub async fn open(server: &'a Server) -> anyhow::Result<Self> {
        let owner = server.person(Role::User).await?;
        let shop = shop(server, &owner).await?;
        Ok(Self {
            server,
            owner,
            shop,
        })
    }

    /// A file that is sent to this end of the shop's address.
    pub fn file(&self, end: &str, kind: &str) -> RequestBuilder {
        let path = format!("/v1/shops/{}/{end}", self.shop);
        let request = self.owner.ask(Method::POST, &path);
        request.header("content-type", kind)
    }

    /// A price list that must be taken.
    pub async fn price_list(
        &self,
        ask: &str,
        file: impl Into<reqwest::Body>,
    ) -> anyhow::Result<Value> {
        let request = self.file(&format!("price-list?{ask}"), "text/csv");
        expect(request.body(file).send().await?, 200).await
    }

    /// Title, price, stock and state of what is under this code.
    pub async fn good(&self, code: &str) -> anyhow::Result<(String, i64, i32, String)> {
        let sql = "select l.title, l.price_minor, l.stock_quantity, l.status
            from market_data.listings as l where l.owner_shop_id = $1 and l.code = $2";
        let row = self.server.superuser().await?;
        let row = row.query_one(sql, &[&self.shop, &code]).await?;
        Ok((row.get(0), row.get(1), row.get(2), row.get(3)))
    }

    /// How many goods the shop has.
    pub async fn count(&self) -> anyhow::Result<i64> {
        let sql = "select count(*) from market_data.listings as l where l.owner_shop_id = $1";
        let row = self.server.superuser().await?;
        Ok(row.query_one(sql, &[&self.shop]).await?.get(0))
    }
}

/// New, changed, unchanged, left and refused.
pub fn counts(report: &Value) -> [i64; 5] {
    ["new", "changed", "unchanged", "left", "refused"].map(|name| report[name].as_i64().unwrap())
}

#[tokio::test]
async fn a_price_list_makes_goods_and_the_same_file_again_changes_nothing() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let dry = store.price_list("dry_run=true", TWO).await?;
    assert_eq!(
        (&dry["applied"], counts(&dry)),
        (&Value::Bool(false), [2, 0, 0, 0, 0])
    );
    assert_eq!(store.count().await?, 0);

    let report = store.price_list("", TWO).await?;
    assert_eq!(
        (&report["applied"], counts(&report)),
        (&Value::Bool(true), [2, 0, 0, 0, 0])
    );
    let made = store.good("A-1").await?;
    assert_eq!(
        made,
        (
            "Колодки передние".to_owned(),
            123_450,
            7,
            "draft".to_owned()
        )
    );

    let again = store.price_list("", TWO).await?;
    assert_eq!(counts(&again), [0, 0, 2, 0, 0], "{again}");
    Ok(())
}

#[tokio::test]
async fn a_file_of_accounting_in_windows_1251_is_read_with_or_without_its_name()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let (old, _, _) = encoding_rs::WINDOWS_1251.encode(TWO);
    store.price_list("", old.to_vec()).await?;
    assert_eq!(store.good("A-1").await?.0, "Колодки передние");
    let named = store.file("price-list", "text/csv; charset=windows-1251");
    let report = expect(named.body(old.to_vec()).send().await?, 200).await?;
    assert_eq!(counts(&report), [0, 0, 2, 0, 0]);
    let wrong = store.file("price-list", "text/csv; charset=utf-8");
    let body = problem(
        wrong.body(old.to_vec()).send().await?,
        422,
        "goods_file_malformed",
    )
    .await?;
    assert!(
        body["detail"].as_str().unwrap().contains("column"),
        "{body}"
    );
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_what_is_wrong() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    for (kind, file, said) in [
        (
            "text/csv",
            "title;price\nx;1\n",
            "the column code is missing",
        ),
        (
            "text/csv",
            "code;price;Цена\nx;1;2\n",
            "the column price stands there twice",
        ),
        ("text/csv", "", "the column code is missing"),
        ("text/csv", "code;price\n\n;\n", "the file has no rows"),
        ("text/csv", "code;price\nA\0;1\n", "row 2, column code"),
        (
            "text/csv; charset=nonsense",
            "code;price\nA;1\n",
            "no encoding is called",
        ),
    ] {
        let answer = store.file("price-list", kind).body(file).send().await?;
        let body = problem(answer, 422, "goods_file_malformed").await?;
        assert!(
            body["detail"].as_str().unwrap().contains(said),
            "{file:?}: {body}"
        );
    }
    let json = store.file("price-list", "application/json").body("{}");
    problem(json.send().await?, 415, "goods_file_expected").await?;
    let long = "x".repeat(33 * 1024 * 1024);
    let long = store.file("price-list", "text/csv").body(long);
    problem(long.send().await?, 413, "body_too_large").await?;
    assert_eq!(store.count().await?, 0);
    Ok(())
}

#[tokio::test]
async fn bad_rows_are_reported_and_the_rest_is_taken_unless_all_or_nothing_is_asked()
-> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let file = format!(
        "{TWO}A-1;Ещё раз;1;1;brake-pads;new;moscow;1\nA-3;Колодки;-5;1;brake-pads;new;moscow;1\n"
    );
    let refused = store
        .price_list("all_or_nothing=true", file.clone())
        .await?;
    assert_eq!(
        (&refused["applied"], counts(&refused)),
        (&Value::Bool(false), [2, 0, 0, 0, 2])
    );
    assert_eq!(store.count().await?, 0);

    let request = store
        .file("price-list", "text/csv")
        .header("accept-language", "ru");
    let report = expect(request.body(file).send().await?, 200).await?;
    assert_eq!(
        (&report["applied"], counts(&report)),
        (&Value::Bool(true), [2, 0, 0, 0, 2])
    );
    let problems = report["problems"].as_array().unwrap();
    let told: Vec<_> = problems
        .iter()
        .map(|one| {
            (
                one["row"].as_i64(),
                one["field"].as_str(),
                one["code"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some(4), Some("code"), Some("price_list_code_twice")),
            (Some(5), Some("price"), Some("listing_price_range")),
        ]
    );
    assert_eq!(problems[0]["detail"], "2");
    assert_eq!(problems[0]["message"], "Этот код уже есть в строке выше.");
    Ok(())
}

#[tokio::test]
async fn a_list_of_stock_changes_stock_and_nothing_else() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    store.price_list("", TWO).await?;
    let token = token(&store.owner, store.shop, &[ShopScope::StockWrite]).await?;
    let path = format!("/v1/shops/{}/stock-list", store.shop);
    let ask = server.ask(Method::POST, &path).bearer_auth(&token);
    let file = "code,stock,price\nA-1,12,1\nA-2,3,1\nA-9,1,1\n";
    let request = ask.header("content-type", "text/csv").body(file);
    let report = expect(request.send().await?, 200).await?;
    assert_eq!(counts(&report), [0, 2, 0, 0, 1], "{report}");
    assert_eq!(report["fields"], serde_json::json!({ "stock": 2 }));
    assert_eq!(report["ignored_columns"], serde_json::json!(["price"]));
    assert_eq!(report["problems"][0]["code"], "price_list_code_unknown");
    let good = store.good("A-1").await?;
    assert_eq!((good.1, good.2), (123_450, 12));
    Ok(())
}

#[tokio::test]
async fn goods_that_the_file_does_not_name_are_taken_from_sale_when_asked() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    store.price_list("", TWO).await?;
    let publish = "update market_data.listings set status = 'pending' where code = 'A-1';
        update market_data.listings set status = 'published', published_at = ops.clock_now() where code = 'A-1'";
    server.superuser().await?.batch_execute(publish).await?;
    let file = "code;price\nA-2;900\n";
    let kept = store.price_list("missing=keep", file).await?;
    assert_eq!(
        (&kept["missing"], &kept["withdrawn"]),
        (&1.into(), &0.into())
    );
    let report = store.price_list("missing=withdraw", file).await?;
    assert_eq!(
        (&report["missing"], &report["withdrawn"]),
        (&1.into(), &1.into())
    );
    assert_eq!(store.good("A-1").await?.3, "archived");
    Ok(())
}

#[tokio::test]
async fn a_file_that_breaks_off_changes_nothing() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let parts = [Ok(TWO), Err(std::io::Error::other("the sender went away"))];
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(parts));
    let sent = store.file("price-list", "text/csv").body(body).send().await;
    assert!(sent.is_err());
    // Whoever comes next finds nothing in the way.
    assert_eq!(store.count().await?, 0);
    assert_eq!(counts(&store.price_list("", TWO).await?), [2, 0, 0, 0, 0]);
    Ok(())
}

#[tokio::test]
async fn a_second_upload_is_refused_while_another_one_of_the_shop_runs() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let other = server.db.as_role("kardan_api").await?;
    other.batch_execute("begin").await?;
    kardan_schema::market::price_list_begin(&*other, store.owner.user, store.shop).await?;
    let second = store.file("price-list", "text/csv").body(TWO);
    problem(second.send().await?, 409, "price_list_running").await?;
    other.batch_execute("rollback").await?;
    store.price_list("", TWO).await?;
    Ok(())
}

#[tokio::test]
async fn fifty_thousand_rows_are_taken_over_and_one_more_is_too_many() -> anyhow::Result<()> {
    let server = Server::start().await?;
    let store = Store::open(&server).await?;
    let mut file = String::from("code,title,price,stock,category,condition,place\n");
    for number in 0..50_000 {
        file += &format!("N-{number},Колодки {number},{number}.50,5,brake-pads,new,moscow\n");
    }
    let many = format!("code\n{}", "A-1\n".repeat(50_001));
    let many = store.file("price-list?dry_run=true", "text/csv").body(many);
    let body = problem(many.send().await?, 413, "body_too_large").await?;
    assert_eq!(body["detail"], "at most 50000 rows");
    let report = store.price_list("dry_run=true", file).await?;
    assert_eq!(counts(&report), [50_000, 0, 0, 0, 0]);
    assert_eq!(report["changes"].as_array().map(Vec::len), Some(1000));
    assert_eq!(report["changes_more"], 49_000);
    Ok(())
}
