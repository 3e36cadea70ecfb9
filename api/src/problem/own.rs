//! Refusals that the server makes itself, before or instead of a call: code, status, sentences. What the functions
//! refuse is registered in `schema/errors.toml`.

use kardan_schema::Language;

macro_rules! own {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $status:literal, $en:literal, $ru:literal;)*) => {
        /// A refusal by the server itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Own { $($(#[$meta])* $name,)* }

        impl Own {
            /// The stable code that clients match on.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The sentence for people.
            pub fn sentence(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::En) => $en, (Self::$name, Language::Ru) => $ru,)*
                }
            }
        }
    };
}

own! {
    BadRequest = "bad_request", 400,
        "The request cannot be understood.", "Запрос нельзя понять.";
    BodyMalformed = "body_malformed", 400,
        "The body is not valid JSON.", "Тело запроса — не JSON.";
    HeaderMalformed = "header_malformed", 400,
        "A header of the request cannot be understood.", "Заголовок запроса нельзя понять.";
    CredentialsRequired = "credentials_required", 401,
        "Sign in first: send a token as Authorization: Bearer.",
        "Сначала войдите: передайте токен в Authorization: Bearer.";
    CredentialsInvalid = "credentials_invalid", 401,
        "Sign in again: this token is unknown, expired or revoked.",
        "Войдите снова: этот токен неизвестен, истёк или отозван.";
    SignInInvalid = "sign_in_invalid", 401,
        "This sign-in does not hold: sign in again.", "Этот вход не подтверждён: войдите ещё раз.";
    ScopeRequired = "scope_required", 403,
        "This token may not be used for that.", "Этот токен для такого не годится.";
    ShopTokenElsewhere = "shop_token_elsewhere", 403,
        "A token of a shop opens nothing but the goods of its shop.",
        "Токен магазина открывает только товары своего магазина.";
    RouteUnknown = "route_unknown", 404,
        "There is nothing at this address.", "По этому адресу ничего нет.";
    ThingUnknown = "thing_unknown", 404,
        "There is no such thing, or it is not yours to see.", "Такого нет, или вам это не видно.";
    MethodNotAllowed = "method_not_allowed", 405,
        "This address does not take this method.", "Этот адрес не принимает такой метод.";
    SecretSealed = "secret_sealed", 409,
        "This secret was shown to another token of yours: revoke what was made, and make it anew.",
        "Этот секрет показан другому вашему токену: отзовите созданное и создайте заново.";
    BodyTooLarge = "body_too_large", 413,
        "The body is too large.", "Тело запроса слишком велико.";
    MediaTypeUnsupported = "media_type_unsupported", 415,
        "Send the body as application/json.", "Передайте тело запроса как application/json.";
    CsvExpected = "csv_expected", 415,
        "Send the body as text/csv.", "Передайте тело запроса как text/csv.";
    CsvMalformed = "csv_malformed", 422,
        "The file is not the expected CSV: UTF-8, with the names of the columns in its first row.",
        "Это не тот CSV: нужна кодировка UTF-8 и названия столбцов в первой строке.";
    GoodsFileExpected = "goods_file_expected", 415,
        "Send CSV, XLSX or YML under its type, or as application/octet-stream.",
        "Передайте CSV, XLSX или YML с его типом или как application/octet-stream.";
    GoodsFileMalformed = "goods_file_malformed", 422,
        "The file cannot be read as a list of goods.", "Этот файл нельзя прочитать как список товаров.";
    FormRequired = "form_required", 415,
        "Send the photo as multipart/form-data, in the field photo.",
        "Передайте фотографию как multipart/form-data, в поле photo.";
    PhotoKindUnknown = "photo_kind_unknown", 415,
        "This is no photo: send JPEG, PNG or WebP.", "Это не фотография: пришлите JPEG, PNG или WebP.";
    PhotoHeic = "photo_heic", 415,
        "HEIC cannot be read here: save the photo as JPEG and send that.",
        "HEIC здесь не читается: сохраните фотографию как JPEG и пришлите её.";
    PhotoTooManyPixels = "photo_too_many_pixels", 422,
        "The photo is too big: at most 40 megapixels and 20 000 pixels a side.",
        "Фотография слишком большая: не больше 40 мегапикселей и 20 000 точек по стороне.";
    PhotoDamaged = "photo_damaged", 422,
        "The photo is damaged: send it again, or save it anew first.",
        "Фотография повреждена: пришлите её ещё раз или сначала сохраните заново.";
    BodyInvalid = "body_invalid", 422,
        "The body does not have the expected fields.", "Поля в теле запроса не те, что нужны.";
    ParameterInvalid = "parameter_invalid", 422,
        "A parameter of the address is not what it should be.", "Параметр адреса не такой, как нужно.";
    CursorInvalid = "cursor_invalid", 422,
        "Take the cursor from the field next of the page before.",
        "Возьмите cursor из поля next предыдущей страницы.";
    OriginRefused = "origin_refused", 403,
        "Pages of this site may not listen here.", "Страницам этого сайта слушать здесь нельзя.";
    UpgradeRequired = "upgrade_required", 426,
        "This address speaks WebSocket: send Upgrade: websocket.",
        "По этому адресу говорят через WebSocket: передайте Upgrade: websocket.";
    PreconditionRequired = "precondition_required", 428,
        "Say which version you change: send its ETag as If-Match.",
        "Укажите, какую версию меняете: передайте её ETag в If-Match.";
    TooManyRequests = "too_many_requests", 429,
        "Too many requests: wait a little.", "Слишком много запросов: подождите немного.";
    TooManyStreams = "too_many_streams", 429,
        "You listen in too many places at once: close one of them.",
        "Вы слушаете события сразу в слишком многих местах: закройте одно из них.";
    Internal = "internal", 500,
        "Something went wrong on our side.", "Что-то сломалось у нас.";
    DatabaseUnavailable = "database_unavailable", 503,
        "The service is not available now; try again.", "Сервис сейчас недоступен; попробуйте ещё раз.";
    Overloaded = "overloaded", 503,
        "The service is busy now; try again.", "Сервис сейчас перегружен; попробуйте ещё раз.";
    SignInUnavailable = "sign_in_unavailable", 503,
        "This way of signing in is not set up here.", "Такой вход здесь не настроен.";
    SignInIssuerUnavailable = "sign_in_issuer_unavailable", 503,
        "The service that confirms who you are does not answer; try again.",
        "Сервис, который подтверждает вход, не отвечает; попробуйте ещё раз.";
    PhotosUnavailable = "photos_unavailable", 503,
        "Photos cannot be kept or shown now; try again.", "Фотографии сейчас недоступны; попробуйте ещё раз.";
    TimedOut = "timed_out", 504,
        "This took too long; try again.", "Это заняло слишком много времени; попробуйте ещё раз.";
}

impl Own {
    /// What fits a status that something beneath answered with.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::CredentialsRequired,
            403 => Self::ScopeRequired,
            404 => Self::RouteUnknown,
            405 => Self::MethodNotAllowed,
            413 => Self::BodyTooLarge,
            415 => Self::MediaTypeUnsupported,
            422 => Self::ParameterInvalid,
            429 => Self::TooManyRequests,
            503 => Self::Overloaded,
            504 => Self::TimedOut,
            status if status >= 500 => Self::Internal,
            _ => Self::BadRequest,
        }
    }
}
