//! Who is let in besides those who hold a token of one key: key sets that change, and API keys.

mod api_keys;
mod key_sets;
