//! The table of routes. An entry is a handler and the functions that it calls; everything else is read off the handler:
//! its path and words from its attribute, what it demands from its arguments. Router, OpenAPI document and the test of
//! both come from here.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::MethodRouter;
use kardan_schema::{Scope, ShopScope, Sort};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, HeaderBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
    Required, ResponseBuilder, SecurityRequirement,
};
use utoipa::{PartialSchema as _, ToSchema as _};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::app::App;
use crate::extract::{BODY_LIMIT, Demand, FIELD};
use crate::money::{self, Money};
use crate::pictures::PhotoFiles;
use crate::problem::ProblemDetails;
use crate::shell::{Place, ShellLayer};

/// One route as tests see it.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The method, in capitals.
    pub method: String,
    /// The path's template.
    pub path: String,
    /// The scope that a token must have; none for anybody.
    pub scope: Option<Scope>,
    /// The scope with which a token of the shop is taken too.
    pub shop_scope: Option<ShopScope>,
    /// The functions that it calls.
    pub functions: Vec<&'static str>,
}

struct Entry {
    facts: Facts,
    router: MethodRouter<App>,
    is_upload: bool,
    is_file: bool,
}

/// All routes.
pub struct Table {
    entries: Vec<Entry>,
    document: OpenApi,
}

/// Adds handlers to a table: `add!(table, module::handler => "schema.function", …)`.
macro_rules! add {
    ($table:ident; $($($part:ident)::+ => $($function:literal),*;)*) => {
        $($table.add(
            utoipa_axum::routes!($($part)::+),
            $crate::extract::demand(&$($part)::+),
            &[$($function),*],
        );)*
    };
}
pub(crate) use add;

impl Table {
    /// A table without routes.
    pub fn new() -> Self {
        let info = InfoBuilder::new()
            .title("Kardan")
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some(
                "Everything around a car. Errors are problem details (RFC 9457), times RFC 3339 in UTC, \
                 money whole minor units of its currency, lists go on with an opaque cursor.",
            ))
            .build();
        let mut components = Components::new();
        components
            .schemas
            .insert("ProblemDetails".to_owned(), ProblemDetails::schema());
        let mut schemas = Vec::new();
        ProblemDetails::schemas(&mut schemas);
        schemas.push((Money::name().into_owned(), Money::schema()));
        schemas.push((PhotoFiles::name().into_owned(), PhotoFiles::schema()));
        // Only a query names it, and a query does not bring its schemas with it.
        schemas.push((Sort::name().into_owned(), Sort::schema()));
        components.schemas.extend(schemas);
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A session or a personal token."))
            .build();
        components
            .security_schemes
            .insert("token".to_owned(), SecurityScheme::Http(token).into());
        let shop_token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token of the shop in the path."))
            .build();
        components.security_schemes.insert(
            "shop_token".to_owned(),
            SecurityScheme::Http(shop_token).into(),
        );
        for status in [
            "400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "426", "428",
            "429", "500", "503", "504",
        ] {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("ProblemDetails")))
                .build();
            let response = ResponseBuilder::new()
                .description(meaning(status))
                .content("application/problem+json", content)
                .build();
            components
                .responses
                .insert(format!("Problem{status}"), RefOr::T(response));
        }
        Self {
            entries: Vec::new(),
            document: OpenApiBuilder::new()
                .info(info)
                .components(Some(components))
                .build(),
        }
    }

    /// Adds a route; see the macro `add!`.
    pub fn add(
        &mut self,
        (schemas, paths, router): UtoipaMethodRouter<App>,
        demand: Demand,
        functions: &[&'static str],
    ) {
        let components = self.document.components.get_or_insert_default();
        components.schemas.extend(schemas);
        components.schemas.extend(demand.schemas.iter().cloned());
        for (path, mut item) in paths.paths {
            for (method, operation) in operations(&mut item) {
                describe(operation, &path, &demand, functions);
                self.entries.push(Entry {
                    facts: Facts {
                        method: method.to_owned(),
                        path: path.clone(),
                        scope: demand.scope,
                        shop_scope: demand.shop_scope,
                        functions: functions.to_vec(),
                    },
                    router: router.clone(),
                    is_upload: demand.is_upload || demand.has_csv || !demand.files.is_empty(),
                    is_file: demand.is_file,
                });
            }
            match self.document.paths.paths.get_mut(&path) {
                Some(known) => known.merge_operations(item),
                None => drop(self.document.paths.paths.insert(path, item)),
            }
        }
    }

    /// The OpenAPI document.
    pub fn document(mut self) -> OpenApi {
        let components = self.document.components.get_or_insert_default();
        components.schemas.values_mut().for_each(money::describe);
        self.document
    }

    /// What tests want to know.
    pub fn facts(self) -> Vec<Facts> {
        self.entries.into_iter().map(|entry| entry.facts).collect()
    }

    /// The router, and the document that describes it.
    pub fn router(mut self, app: &App) -> (Router<App>, OpenApi) {
        let mut router = Router::new();
        let entries = std::mem::take(&mut self.entries);
        let document = self.document();
        for Entry {
            facts,
            router: mut route,
            is_upload,
            is_file,
        } in entries
        {
            let mut place = Place::new(&facts.path, &facts.method, facts.scope.is_none());
            place.is_upload = is_upload;
            place.is_file = is_file;
            if is_upload {
                route = route.layer(DefaultBodyLimit::max(BODY_LIMIT));
            }
            let layer = ShellLayer {
                app: app.clone(),
                place: Arc::new(place),
            };
            router = router.route(&facts.path, route.layer(layer));
        }
        (router, document)
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem {
        get,
        put,
        post,
        delete,
        patch,
        ..
    } = item;
    [
        ("GET", get),
        ("PUT", put),
        ("POST", post),
        ("DELETE", delete),
        ("PATCH", patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn describe(operation: &mut Operation, path: &str, demand: &Demand, functions: &[&'static str]) {
    let mut parameters = demand.query.clone();
    let names = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    for (name, schema) in names.zip(&demand.segments) {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(schema.clone()));
        parameters.push(parameter.build());
    }
    if demand.has_if_match {
        parameters.push(header(
            "If-Match",
            Required::True,
            "The ETag of the version that is changed, or *.",
        ));
    }
    if demand.has_if_none_match {
        parameters.push(header(
            "If-None-Match",
            Required::False,
            "ETags that the caller has already.",
        ));
    }
    if demand.has_key {
        parameters.push(header(
            "Idempotency-Key",
            Required::False,
            "1 to 255 characters: the same request with the same key is done once within 24 hours.",
        ));
    }
    operation.parameters =
        (!parameters.is_empty()).then(|| parameters.into_iter().map(Into::into).collect());
    if let Some(name) = &demand.body {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(name)))
            .build();
        let body = RequestBodyBuilder::new()
            .content("application/json", content)
            .required(Some(Required::True))
            .build();
        operation.request_body = Some(body.into());
    }
    if demand.has_csv {
        let content = ContentBuilder::new().schema(Some(String::schema())).build();
        let body = RequestBodyBuilder::new()
            .content("text/csv", content)
            .required(Some(Required::True))
            .build();
        operation.request_body = Some(body.into());
    }
    if !demand.files.is_empty() {
        let content = ContentBuilder::new().schema(Some(String::schema())).build();
        let body = RequestBodyBuilder::new().required(Some(Required::True));
        let body = demand
            .files
            .iter()
            .fold(body, |body, kind| body.content(*kind, content.clone()));
        operation.request_body = Some(body.build().into());
    }
    if demand.is_upload {
        operation.request_body = Some(form().into());
    }
    if let Some(scope) = demand.scope {
        let person = SecurityRequirement::new("token", [scope.word()]);
        let program = demand.shop_scope;
        let program = program.map(|scope| SecurityRequirement::new("shop_token", [scope.word()]));
        operation.security = Some(std::iter::once(person).chain(program).collect());
    }
    if demand.may_sign_in {
        let token = SecurityRequirement::new("token", [Scope::Read.word()]);
        operation.security = Some(vec![token, SecurityRequirement::default()]);
    }
    for status in problems(demand) {
        let response = RefOr::Ref(Ref::from_response_name(format!("Problem{status}")));
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert(response);
    }
    if demand.has_if_none_match {
        let unchanged = ResponseBuilder::new()
            .description("The caller has this version already.")
            .build();
        operation
            .responses
            .responses
            .insert("304".to_owned(), RefOr::T(unchanged));
    }
    if (demand.has_if_match || demand.has_if_none_match)
        && let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200")
    {
        let tag = HeaderBuilder::new()
            .description(Some("The row's version."))
            .build();
        response.headers.insert("ETag".to_owned(), tag.into());
    }
    operation.extensions = Some(
        ExtensionsBuilder::new()
            .add("x-kardan-functions", functions.to_vec())
            .build(),
    );
}

fn header(name: &str, required: Required, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(String::schema()))
        .build()
}

/// A form with one picture.
fn form() -> RequestBody {
    let picture = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
        .description(Some("JPEG, PNG or WebP, at most 10 MiB."));
    let fields = ObjectBuilder::new()
        .property(FIELD, picture)
        .required(FIELD);
    let content = ContentBuilder::new().schema(Some(fields)).build();
    RequestBodyBuilder::new()
        .content("multipart/form-data", content)
        .required(Some(Required::True))
        .build()
}

/// The problems that a route with these demands may answer with.
fn problems(demand: &Demand) -> Vec<&'static str> {
    // 400: nobody can be kept from sending a null character.
    let mut all = vec!["400", "404", "409", "422", "429", "500", "503", "504"];
    if demand.scope.is_some() || demand.may_sign_in {
        all.extend(["401", "403"]);
    }
    if demand.body.is_some() || demand.has_csv || demand.is_upload || !demand.files.is_empty() {
        all.extend(["413", "415"]);
    }
    if demand.has_if_match {
        all.extend(["412", "428"]);
    }
    if demand.is_socket {
        all.push("426");
    }
    all
}

fn meaning(status: &str) -> &'static str {
    match status {
        "400" => "The request cannot be understood.",
        "401" => "Not signed in, or no longer.",
        "403" => "Not allowed.",
        "404" => "No such thing, or not the caller's to see.",
        "405" => "Not with this method.",
        "409" => "Conflicts with the present state.",
        "412" => "The version moved on.",
        "413" => "The body is too large.",
        "415" => "The body is not of the expected type.",
        "422" => "A value breaks a rule.",
        "426" => "This address speaks WebSocket.",
        "428" => "If-Match is missing.",
        "429" => "Too many requests.",
        "503" => "Not available now.",
        "504" => "It took too long.",
        _ => "Something went wrong.",
    }
}
