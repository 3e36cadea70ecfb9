//! People who want something: they ask for contacts, or keep a listing for later.

pub mod contact {
    //! Opens a listing and asks for the contacts of its seller.

    use crate::visit::{Ask, Ended, Walk};

    steps! { Contact;
        PAGE = "page", GET "/v1/listings/{listing_id}", ["thing_unknown"];
        CONTACTS = "contacts", POST "/v1/listings/{listing_id}/contacts", ["listing_unknown", "contact_limit"];
    }

    pub async fn go(walk: &mut Walk) -> Result<(), Ended> {
        let (me, path) = (
            walk.visit.person.clone(),
            format!("/v1/listings/{}", walk.visit.good.id),
        );
        walk.call(&PAGE, Ask::path(&path).by(&me)).await?;
        walk.call(&CONTACTS, Ask::path(format!("{path}/contacts")).by(&me))
            .await?;
        Ok(())
    }
}

pub mod favourite {
    //! Keeps a listing, looks at what they have kept, and drops it again at times.

    use crate::visit::{Ask, Ended, Walk};

    steps! { Favourite;
        ADD = "add", PUT "/v1/me/favourites/{listing_id}", ["listing_unknown", "favourite_limit"];
        LIST = "list", GET "/v1/me/favourites", [];
        REMOVE = "remove", DELETE "/v1/me/favourites/{listing_id}", [];
    }

    pub async fn go(walk: &mut Walk) -> Result<(), Ended> {
        let (me, path) = (
            walk.visit.person.clone(),
            format!("/v1/me/favourites/{}", walk.visit.good.id),
        );
        walk.call(&ADD, Ask::path(&path).by(&me)).await?;
        walk.call(&LIST, Ask::path("/v1/me/favourites").by(&me))
            .await?;
        if walk.visit.rng.permille(300) {
            walk.call(&REMOVE, Ask::path(&path).by(&me)).await?;
        }
        Ok(())
    }
}
