//! People for tests, made directly: how accounts come to be is tested where it belongs.

use kardan_schema::{Role, UserId};

use crate::Database;

impl Database {
    /// A person with this role.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn person(&self, role: Role) -> anyhow::Result<UserId> {
        let session = self.superuser().await?;
        let row = session
            .query_one(
                "insert into people_data.users (role, display_name, language, created_at, updated_at)
                 values ($1, initcap($1) || ' of the test', 'en', ops.clock_now(), ops.clock_now())
                 returning id",
                &[&role],
            )
            .await?;
        Ok(row.get(0))
    }
}
