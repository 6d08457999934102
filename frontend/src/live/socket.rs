//! One WebSocket and its two listeners; never when to open it.

use common::live::{ClientMessage, Encoding, ServerMessage};
use js_sys::{ArrayBuffer, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// Compact frames, made from the same types as the server's. Written and read by postcard itself:
/// `Encoding::decode` would bring the JSON of every message into the page.
const PROTOCOL: &str = Encoding::Postcard.protocol();

/// What came from the server.
pub(super) enum Heard {
    /// A message.
    Message(Box<ServerMessage>),
    /// The end, with its close code.
    Closed(u16),
}

/// An open connection; dropping it closes it and hears nothing more.
pub(super) struct Socket {
    raw: WebSocket,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens a connection; `None` when the browser refuses.
    pub(super) fn open(hear: impl Fn(Heard) + Clone + 'static) -> Option<Self> {
        let socket = WebSocket::new_with_str(&address()?, PROTOCOL).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let hear_message = hear.clone();
        let on_message = Closure::<dyn FnMut(_)>::new(move |event: MessageEvent| {
            let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() else {
                return;
            };
            // A message of a newer server that is not known here is skipped.
            if let Ok(message) = postcard::from_bytes(&bytes(&buffer)) {
                hear_message(Heard::Message(Box::new(message)));
            }
        });
        let on_close = Closure::<dyn FnMut(_)>::new(move |event: CloseEvent| {
            hear(Heard::Closed(event.code()));
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(Self {
            raw: socket,
            _on_message: on_message,
            _on_close: on_close,
        })
    }

    /// Sends a message; one that cannot be sent is lost with its connection.
    pub(super) fn say(&self, message: &ClientMessage) {
        if let Ok(bytes) = postcard::to_allocvec(message) {
            drop(self.raw.send_with_u8_array(&bytes));
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.raw.set_onmessage(None);
        self.raw.set_onclose(None);
        drop(self.raw.close());
    }
}

fn bytes(buffer: &ArrayBuffer) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}

fn address() -> Option<String> {
    let location = window().location();
    let scheme = match location.protocol().ok()?.as_str() {
        "https:" => "wss",
        _ => "ws",
    };
    Some(format!("{scheme}://{}/api/v1/ws", location.host().ok()?))
}
