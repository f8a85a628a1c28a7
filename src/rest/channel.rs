//! Channels in the words of each vendor, and ours. Words are read whatever their case and punctuation; a channel for which a vendor has
//! no word goes out as our own key.

use crate::app::{Error, Lookups};

/// Whose words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// open.cx.
    OpenCx,
    /// Dixa.
    Dixa,
    /// Pingback.
    Pingback,
}

/// A channel of ours; what each vendor calls it (the first word goes out, all are read), and how Dixa labels it.
struct Words {
    ours: &'static str,
    opencx: &'static [&'static str],
    dixa: &'static [&'static str],
    dixa_label: &'static str,
    pingback: &'static [&'static str],
    /// What others call it; read from everybody.
    others: &'static [&'static str],
}

const fn words(
    ours: &'static str,
    opencx: &'static [&'static str],
    (dixa, dixa_label): (&'static [&'static str], &'static str),
    pingback: &'static [&'static str],
    others: &'static [&'static str],
) -> Words {
    Words { ours, opencx, dixa, dixa_label, pingback, others }
}

/// The table. Kayako's words are among the others: its document names no channel.
const CHANNELS: &[Words] = &[
    words("web", &["web"], (&["WIDGET_CHAT"], "Widget Chat"), &["widget", "webchat"], &["HELPCENTER", "chat_widget"]),
    words("email", &["email"], (&["EMAIL"], "Email"), &["email"], &["MAIL"]),
    words("phone_voice", &["phone_voice"], (&["PSTN_PHONE"], "Phone"), &[], &["phone"]),
    words("web_voice", &["web_voice"], (&[], "Web Voice"), &[], &[]),
    words("slack", &["slack"], (&[], "Slack"), &[], &[]),
    words("sms", &["sms"], (&["SMS"], "SMS"), &["sms"], &[]),
    words("whatsapp", &["whatsapp"], (&["WHATS_APP"], "WhatsApp"), &["whatsapp"], &[]),
    words("instagram", &["instagram"], (&[], "Instagram"), &["instagram"], &[]),
    words(
        "messenger",
        &["messenger"],
        (&["FACEBOOK_MESSENGER", "MESSENGER"], "Facebook Messenger"),
        &[],
        &["facebook"],
    ),
    words("api", &["api"], (&[], "API"), &[], &[]),
    words("contact_form", &[], (&["CONTACT_FORM"], "Contact Form"), &[], &[]),
    words("callback", &[], (&["CALLBACK"], "Callback"), &[], &[]),
    words("voicemail", &[], (&["VOICEMAIL"], "Voicemail"), &[], &[]),
    words("x", &[], (&["TWITTER"], "Twitter"), &["x"], &[]),
    words("telegram", &[], (&[], "Telegram"), &["telegram"], &[]),
];

impl Words {
    fn of(&self, vendor: Vendor) -> &'static [&'static str] {
        match vendor {
            Vendor::OpenCx => self.opencx,
            Vendor::Dixa => self.dixa,
            Vendor::Pingback => self.pingback,
        }
    }
}

/// What a word is compared by: its letters and digits, in lower case.
fn bare(word: &str) -> String {
    word.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Our keys of the channels that a vendor's words name. A word that the vendor does not have may be the key of a channel of the
/// workspace's own, as such a channel goes out.
///
/// # Errors
/// `Forbidden`, `Unavailable`, `Internal`.
pub async fn find_all(lookups: &Lookups, vendor: Vendor, words: &[String]) -> Result<Vec<String>, Error> {
    let own = lookups.channels(words).await?;
    let key = |word: &String| match of_vendor(vendor, word) {
        Some(channel) => channel.ours.to_owned(),
        None if own.contains_key(word) => word.clone(),
        None => read(vendor, word),
    };
    Ok(words.iter().map(key).collect())
}

fn of_vendor(vendor: Vendor, word: &str) -> Option<&'static Words> {
    CHANNELS.iter().find(|channel| channel.of(vendor).iter().any(|known| bare(known) == bare(word)))
}

/// Our key of the channel that a word names, of the vendor or of any other; the word itself when nobody has it.
fn read(vendor: Vendor, word: &str) -> String {
    let wanted = bare(word);
    let is_it = |known: &&str| bare(known) == wanted;
    let of_any = || CHANNELS.iter().find(|channel| is_it(&channel.ours) || channel.others.iter().any(&is_it));
    of_vendor(vendor, word).or_else(of_any).map_or_else(|| word.to_owned(), |channel| channel.ours.to_owned())
}

/// What a vendor calls a channel of ours.
pub fn write(vendor: Vendor, ours: &str) -> &str {
    let channel = CHANNELS.iter().find(|channel| channel.ours == ours);
    channel.and_then(|channel| channel.of(vendor).first()).copied().unwrap_or(ours)
}

/// How Dixa labels a channel of ours; `None` of one that the table does not have.
pub fn dixa_label(ours: &str) -> Option<&'static str> {
    CHANNELS.iter().find(|channel| channel.ours == ours).map(|channel| channel.dixa_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_both_ways_whatever_their_case() {
        let check = |vendor: Vendor, word: &str, ours: &str, back: &str| {
            assert_eq!(read(vendor, word), ours, "{word}");
            assert_eq!(write(vendor, ours), back, "{word}");
        };
        check(Vendor::Dixa, "PSTN_PHONE", "phone_voice", "PSTN_PHONE");
        check(Vendor::Dixa, "PstnPhone", "phone_voice", "PSTN_PHONE");
        check(Vendor::Dixa, "email", "email", "EMAIL");
        check(Vendor::Dixa, "Messenger", "messenger", "FACEBOOK_MESSENGER");
        check(Vendor::Dixa, "slack", "slack", "slack");
        check(Vendor::Pingback, "WIDGET", "web", "widget");
        check(Vendor::Pingback, "webchat", "web", "widget");
        check(Vendor::OpenCx, "phone_voice", "phone_voice", "phone_voice");
        check(Vendor::OpenCx, "mail", "email", "email");
        check(Vendor::OpenCx, "Fax machine", "Fax machine", "Fax machine");
    }

    #[test]
    fn no_word_of_a_vendor_names_two_channels() {
        for vendor in [Vendor::OpenCx, Vendor::Dixa, Vendor::Pingback] {
            let mut words: Vec<_> = CHANNELS.iter().flat_map(|channel| channel.of(vendor)).map(|w| bare(w)).collect();
            let count = words.len();
            words.sort();
            words.dedup();
            assert_eq!(words.len(), count, "{vendor:?}");
        }
    }
}
