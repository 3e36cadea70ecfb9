#!/usr/bin/env bash
# What `./dev cluster` does: images, keys and containers of compose.yml. Needs Docker and, unless KARDAN_BIN names a
# binary that is built already, Rust.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

state=.kardan/cluster
nodes=(db1 db2 db3)

help() {
    cat <<'END'
./dev cluster COMMAND

  up [--scale F]    make images, keys and passwords, start everything, migrate it, and fill a new one with a market of
                    F million listings (0.001 unless told, 0: none)
  down [--volumes]  stop it; with --volumes also delete its data, after a question
  status            what runs, who leads, who follows how far behind
  doctor            what is wrong, or will be when something breaks
  switchover, restart, reinit, pause, resume
                    change it: kardan cluster COMMAND --help tells how
  drill [flags]     start one on small disks, and break it while clients work on it: kardan cluster drill --help
  backup COMMAND    take, list, show, verify, expire, doctor, metrics, on the repository host: kardan backup --help
  logs [service]    what the services say; Ctrl-C ends it
  psql [arguments]  a prompt on the primary, as the superuser
  test [filter]     start one on small disks, and run the tests that change its nodes; it is left whole
  build             only the images

Addresses: the API on http://127.0.0.1:8080 and 8081, Prometheus on http://127.0.0.1:9090, Grafana and Alertmanager, when
COMPOSE_PROFILES=grafana,alertmanager asks for them, on http://127.0.0.1:3000 and 9093, the primary on port 5000 and
replicas on port 5001 of 127.0.0.1. Keys and passwords lie in .kardan/cluster; they are made once.
Environment: KARDAN_BIN (a binary to put into the images instead of building one), COMPOSE_PROJECT_NAME (kardan).
END
}

say() {
    printf 'cluster: %s\n' "$*" >&2
}

die() {
    printf 'cluster: error: %s\n' "$*" >&2
    exit 1
}

compose() {
    if docker compose version >/dev/null 2>&1; then
        docker compose --project-name "${COMPOSE_PROJECT_NAME:-kardan}" "$@"
    else
        docker-compose --project-name "${COMPOSE_PROJECT_NAME:-kardan}" "$@"
    fi
}

require_docker() {
    command -v docker >/dev/null || die "no docker here; install Debian's docker.io and docker-compose"
    docker info >/dev/null 2>&1 || die "the Docker engine does not answer; is it started, and may you use it?"
    docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null ||
        die "no Docker Compose here; install Debian's docker-compose"
}

# The binary that goes into the images.
build_binary() {
    local binary=${KARDAN_BIN:-}
    if [[ -z $binary ]]; then
        command -v cargo >/dev/null || die "no Rust here; install it by https://rustup.rs, or name a binary in KARDAN_BIN"
        say "building kardan (the first time takes some minutes)"
        cargo build --quiet --release --package kardan-cli --bin kardan
        binary="${CARGO_TARGET_DIR:-target}/release/kardan"
    fi
    mkdir -p "$state/build"
    cmp --silent "$binary" "$state/build/kardan" || cp "$binary" "$state/build/kardan"
    "$state/build/kardan" migrate bootstrap >"$state/build/bootstrap.sql"
}

build_images() {
    local target log
    log=$(mktemp)
    for target in postgres etcd haproxy pgbouncer prometheus alertmanager kardan; do
        say "image kardan/$target"
        # The network of the host, because packages come through whatever the host is set up for.
        docker build --network host --target "$target" --tag "kardan/$target" --file patroni/Dockerfile . \
            >"$log" 2>&1 || { tail -n 20 "$log" >&2; die "the image kardan/$target could not be made"; }
    done
    rm -f "$log"
}

# Volumes hold the passwords of the folder that made them: over those of another folder, nobody gets in.
require_own_volumes() {
    local project=${COMPOSE_PROJECT_NAME:-kardan} made_by=
    [[ -d $state/operator ]] || made_by=$(docker volume ls --quiet --filter "label=com.docker.compose.project=$project" | head -n 1)
    local other
    other=$(docker ps --all --filter "label=com.docker.compose.project=$project" \
        --format '{{.Label "com.docker.compose.project.working_dir"}}' | grep --invert-match --line-regexp --fixed-strings "$PWD" | head -n 1) || true
    [[ -z $other ]] || made_by=$other
    [[ -z $made_by ]] ||
        die "a cluster named $project is here already, with keys of another folder ($made_by); delete it by ./dev cluster down --volumes, or choose another COMPOSE_PROJECT_NAME"
}

make_secrets() {
    docker run --rm --user 0 --network none --volume "$PWD/$state:/out" kardan/postgres make-secrets /out
}

build() {
    require_docker
    build_binary
    build_images
}

# Waits until every service of the compose file is up, and well where it can tell; says what is missing otherwise.
wait_until_well() {
    local deadline=$((SECONDS + ${1:-180})) missing
    while missing=$(unwell) && [[ -n $missing ]]; do
        [[ $SECONDS -lt $deadline ]] || die "not well after ${1:-180} s: $missing; look at: ./dev cluster logs"
        sleep 1
    done
}

unwell() {
    local ids
    mapfile -t ids < <(compose ps --quiet)
    [[ ${#ids[@]} -gt 0 ]] || { echo "nothing runs"; return; }
    docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}} {{.State.ExitCode}} {{if .State.Health}}{{.State.Health.Status}}{{else}}healthy{{end}}' "${ids[@]}" |
        awk '$1 == "migrate" { if ($2 != "exited" || $3 != 0) printf "%s ", $1; next }
            $2 != "running" || $4 != "healthy" { printf "%s ", $1 }'
}

leader() {
    local node
    for node in "${nodes[@]}"; do
        if compose exec -T "$node" curl --silent --fail --output /dev/null --cacert /run/kardan/ca.crt \
            https://localhost:8008/primary 2>/dev/null; then
            echo "$node"
            return
        fi
    done
    die "no node leads; look at: ./dev cluster status"
}

up() {
    local scale=0.001
    if [[ ${1:-} == --scale ]]; then
        scale=${2:?--scale needs a number}
    elif [[ -n ${1:-} ]]; then
        die "up knows only --scale, not '$1'"
    fi
    require_own_volumes
    build
    make_secrets
    say "starting"
    compose up --detach --remove-orphans
    wait_until_well 240
    make_alert_token
    seed "$scale"
    status
    say "API http://127.0.0.1:8080 and http://127.0.0.1:8081, Prometheus http://127.0.0.1:9090"
}

# What Alertmanager shows the API, when there is one: a token that only reports alerts, kept until somebody deletes it.
make_alert_token() {
    [[ -n $(compose ps --quiet alertmanager 2>/dev/null) ]] || return 0
    local token=(docker run --rm --interactive --user 0 --network none --volume "$PWD/$state/alertmanager:/out" kardan/postgres)
    if ! "${token[@]}" test -s /out/token; then
        say "a token for Alertmanager, good for a year"
        compose run --rm --no-deps -T migrate kardan token create \
            --user alertmanager --role admin --scope alert --name alertmanager --days 366 |
            "${token[@]}" sh -ec 'umask 077; cat >/out/new; test -s /out/new; chown 5432:5432 /out/new; mv /out/new /out/token'
    fi
}

# Fills a database that nobody has filled yet.
seed() {
    [[ $1 != 0 ]] || return 0
    local node
    node=$(leader)
    if [[ $(on "$node" "select exists (select from market_data.listings)") == f ]]; then
        say "filling it with a market of $1 million listings"
        # On the node itself: the load needs the superuser, and no password leads to that one.
        local url=postgres://postgres@%2Fvar%2Frun%2Fpostgresql/kardan
        compose exec -T "$node" kardan seed --mark --database-url "$url"
        compose exec -T "$node" kardan seed --scale "$1" --database-url "$url"
    fi
}

# One value from the database, asked on a node as its superuser.
on() {
    compose exec -T "$1" psql --no-psqlrc --tuples-only --no-align --dbname kardan --command "$2"
}

# A cluster of its own, on disks that a test can fill; another one may not hold the ports meanwhile.
use_small_disks() {
    export COMPOSE_FILE=compose.yml:patroni/small-disks.yml
    [[ -z $(compose ps --quiet) || -n $(compose ps --quiet disks 2>/dev/null) ]] ||
        die "a cluster on large disks runs here; first: ./dev cluster down --volumes"
}

# The tests of `kardan cluster`, one after the other: there is one cluster. The binary under test is cargo's.
run_tests() {
    use_small_disks
    up --scale 0.001
    docker run --rm --network none --volume "$PWD/monitoring/prometheus:/etc/kardan/prometheus:ro" kardan/prometheus \
        sh -c 'promtool check config --syntax-only /etc/kardan/prometheus/prometheus.yml && promtool test rules /etc/kardan/prometheus/tests/*.yml'
    cargo test --quiet --package kardan-cli --features cluster-tests --test cluster -- --test-threads 1 "$@"
}

# The cluster that runs is taken as it is, so that one drill can follow another.
drill() {
    use_small_disks
    [[ -n $(compose ps --quiet disks 2>/dev/null) ]] || up --scale 0.001
    kardan_cluster drill "$@"
}

down() {
    require_docker
    case ${1:-} in
        '') compose down ;;
        --volumes)
            if [[ -t 0 ]]; then
                read -r -p 'Delete the data of all three nodes, the photos and the figures? [y/N] ' answer
                [[ $answer == [yY]* ]] || die "nothing was deleted"
            elif [[ ${2:-} != --yes ]]; then
                die "this deletes all data; say --volumes --yes"
            fi
            compose down --volumes
            ;;
        *) die "down knows only --volumes, not '$1'" ;;
    esac
}

status() {
    compose ps
    kardan_cluster status
}

# `kardan cluster` runs on this machine and not in a container, so that it outlives whatever it restarts. The engine's
# names mean nothing here, so their addresses are written into a file first.
kardan_cluster() {
    local ids
    mapfile -t ids < <(compose ps --quiet)
    [[ ${#ids[@]} -gt 0 ]] || die "nothing runs; start it with: ./dev cluster up"
    docker inspect --format '{{range $name, $net := .NetworkSettings.Networks}}{{$name}} {{$net.IPAddress}} {{end}}{{index .Config.Labels "com.docker.compose.service"}}' "${ids[@]}" |
        awk '{ for (i = 1; i < NF; i += 2) if ($i ~ /_watch$/) print $(i + 1), $NF }' >"$state/hosts"
    KARDAN_CLUSTER_HOSTS="$state/hosts" KARDAN_CLUSTER_KEYS="$state/operator" "$state/build/kardan" cluster "$@"
}

require_docker_then() {
    require_docker
    "$@"
}

# Where nobody sits at a terminal, none is asked for.
tty=()
[[ -t 0 && -t 1 ]] || tty=(-T)

case ${1:-help} in
    up | down | build) "$@" ;;
    status)
        if [[ $# -gt 1 ]]; then
            require_docker_then kardan_cluster "$@"
        else
            require_docker_then status
        fi
        ;;
    test) require_docker_then run_tests "${@:2}" ;;
    drill) require_docker_then drill "${@:2}" ;;
    doctor | switchover | restart | reinit | pause | resume) require_docker_then kardan_cluster "$@" ;;
    backup) require_docker_then compose exec "${tty[@]}" backup kardan backup "${@:2}" ;;
    logs) require_docker_then compose logs --follow --tail 200 "${@:2}" ;;
    psql) require_docker_then compose exec "${tty[@]}" "$(leader)" psql --dbname kardan "${@:2}" ;;
    help | --help | -h) help ;;
    *)
        help >&2
        die "there is no command '$1'"
        ;;
esac
