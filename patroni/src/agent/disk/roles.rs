//! Whether the application may write: a setting of its roles, so that it holds for every session to come, on whatever
//! connection.

use tracing::{info, warn};

use crate::Error;
use crate::agent::local::Local;

/// A mark beside the setting: what somebody else set is not undone here. Sessions that exist are ended, since a setting of
/// a role is read when one begins; the pooler makes new ones.
const STOP: &str = "
do $$
declare
    v_role text;
begin
    foreach v_role in array array['kardan_api', 'kardan_bot', 'kardan_worker'] loop
        continue when not exists (select from pg_roles as r where r.rolname = v_role);
        execute format('alter role %I set default_transaction_read_only = on', v_role);
        execute format('alter role %I set kardan.disk_guard = on', v_role);
    end loop;
end
$$";

const END_SESSIONS: &str = "
select pg_terminate_backend(a.pid)
from pg_stat_activity as a
where a.usename in ('kardan_api', 'kardan_bot', 'kardan_worker')";

const ALLOW: &str = "
do $$
declare
    v_role text;
begin
    for v_role in
        select r.rolname
        from pg_db_role_setting as s
        join pg_roles as r on r.oid = s.setrole
        where s.setdatabase = 0 and 'kardan.disk_guard=on' = any (s.setconfig)
    loop
        execute format('alter role %I reset default_transaction_read_only', v_role);
        execute format('alter role %I reset kardan.disk_guard', v_role);
    end loop;
end
$$";

const STOPPED: &str = "
select exists (
    select
    from pg_db_role_setting as s
    where s.setdatabase = 0 and 'kardan.disk_guard=on' = any (s.setconfig))";

/// Lets the application read only, until [`allow_writes`].
pub async fn stop_writes(local: &Local) -> Result<(), Error> {
    if !change(local, false).await? {
        warn!("the disk is nearly full and no standby has room: the application may only read");
    }
    metrics::gauge!("kardan_agent_read_only").set(1);
    Ok(())
}

/// Takes back what [`stop_writes`] did, here or on the node that led before.
pub async fn allow_writes(local: &Local) -> Result<(), Error> {
    if change(local, true).await? {
        info!("there is room again: the application may write");
    }
    metrics::gauge!("kardan_agent_read_only").set(0);
    Ok(())
}

/// Makes it so, and says whether writes were stopped before.
async fn change(local: &Local, allowed: bool) -> Result<bool, Error> {
    let failed = |error| Error::sql("PostgreSQL", &error);
    let client = local.connect().await?;
    let stopped: bool = client.query_one(STOPPED, &[]).await.map_err(failed)?.get(0);
    match (stopped, allowed) {
        (true, true) => client.batch_execute(ALLOW).await.map_err(failed)?,
        (false, false) => client.batch_execute(STOP).await.map_err(failed)?,
        _ => return Ok(stopped),
    }
    // Also afterwards: sessions that began read-only would stay so.
    client.batch_execute(END_SESSIONS).await.map_err(failed)?;
    Ok(stopped)
}
