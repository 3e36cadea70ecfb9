"""An identity provider for the tests: OpenID Connect by Authlib, with the code flow and PKCE.

It prints its address, then serves until its standard input ends. Everybody who comes to it is signed in as the person
whom the query of the authorization names (`login_hint`), without a question. With `POST /next` the following proof is
spoiled in one way, as a careless or an evil issuer would; `POST /rotate` changes its key; `GET /count` tells how often
it was asked what it is.
"""

import os
import sys
import threading
import time

from authlib.common.encoding import json_b64encode, to_unicode
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.jose import JsonWebKey, jwt
from authlib.oauth2.rfc6749 import ClientMixin, AuthorizationCodeMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from werkzeug.serving import make_server

app = Flask(__name__)
server = AuthorizationServer(app, query_client=lambda name: Client() if name == Client.client_id else None, save_token=lambda token, request: None)
codes = {}
state = {"key": JsonWebKey.generate_key("EC", "P-256", {"kid": "first"}, is_private=True), "spoil": None, "asked": 0}
PEOPLE = {"anna": {"sub": "a-1", "name": "Анна", "locale": "ru", "id": 4242}, "john": {"sub": "j-2", "name": "John",
          "locale": "en-GB", "id": 4343}}


class Client(ClientMixin):
    client_id = "kardan"

    def get_client_id(self):
        return self.client_id

    def check_redirect_uri(self, uri):
        return uri == "https://kardan.example/back"

    def check_client_secret(self, secret):
        return secret == os.environ["CLIENT_SECRET"]

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type == "authorization_code"

    def get_allowed_scope(self, scope):
        return scope


class Code(AuthorizationCodeMixin):
    def __init__(self, request, person):
        data = request.data
        self.redirect_uri, self.scope, self.nonce = request.redirect_uri, request.scope, data.get("nonce")
        self.code_challenge, self.code_challenge_method = data.get("code_challenge"), data.get("code_challenge_method")
        self.person, self.at = person, time.time()

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return int(self.at)


class CodeGrant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code, request):
        codes[code] = Code(request, request.user)

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, code):
        codes.pop([known for known, entry in codes.items() if entry is code][0])

    def authenticate_user(self, code):
        return code.person


class Proof(OpenIDCode):
    def exists_nonce(self, nonce, request):
        return False

    def get_jwt_config(self, grant):
        return {"key": state["key"], "alg": "ES256", "iss": app.config["ISSUER"], "exp": 300}

    def generate_user_info(self, user, scope):
        return UserInfo(**PEOPLE[user])

    def process_token(self, grant, token):
        token = super().process_token(grant, token)
        spoil, state["spoil"] = state["spoil"], None
        if spoil:
            token["id_token"] = spoiled(spoil, dict(jwt.decode(token["id_token"], state["key"])))
        return token


def spoiled(how, claims):
    """The claims again, written as nobody should believe them."""
    key = state["key"]
    header = {"alg": "ES256", "kid": key.as_dict()["kid"]}
    if how == "unsigned":
        parts = [json_b64encode({"alg": "none"}), json_b64encode(claims), b""]
        return ".".join(to_unicode(part) for part in parts)
    if how == "shared":
        header["alg"], key = "HS256", os.environ["CLIENT_SECRET"].encode()
    elif how == "key":
        key = JsonWebKey.generate_key("EC", "P-256", is_private=True)
    elif how == "old":
        claims["exp"] -= 900
    else:
        claims |= {"aud": {"aud": "other"}, "iss": {"iss": "https://other.example"}, "nonce": {"nonce": "other"},
                   "azp": {"azp": "other", "aud": ["kardan", "other"]}}[how]
    return to_unicode(jwt.encode(header, claims, key))


server.register_grant(CodeGrant, [CodeChallenge(required=True), Proof()])


@app.get("/.well-known/openid-configuration")
def configuration():
    state["asked"] += 1
    issuer = app.config["ISSUER"]
    return jsonify(issuer=issuer, authorization_endpoint=issuer + "/authorize", token_endpoint=issuer + "/token",
                   jwks_uri=issuer + "/keys", token_endpoint_auth_methods_supported=["client_secret_basic"])


@app.get("/authorize")
def authorize():
    return server.create_authorization_response(grant_user=request.args["login_hint"])


@app.post("/token")
def token():
    return server.create_token_response()


@app.get("/keys")
def keys():
    return jsonify(keys=[state["key"].as_dict(is_private=False)])


@app.post("/next")
def spoil():
    state["spoil"] = request.get_data(as_text=True)
    return ""


@app.post("/rotate")
def rotate():
    state["key"] = JsonWebKey.generate_key("EC", "P-256", {"kid": "second"}, is_private=True)
    return ""


@app.get("/count")
def count():
    return str(state["asked"])


if __name__ == "__main__":
    http = make_server("127.0.0.1", 0, app, threaded=True)
    app.config["ISSUER"] = f"http://127.0.0.1:{http.server_port}"
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": 300}
    # Authlib takes requests without TLS only when it is told to; the tests never leave this machine.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    threading.Thread(target=http.serve_forever, daemon=True).start()
    print(app.config["ISSUER"], flush=True)
    sys.stdin.read()
