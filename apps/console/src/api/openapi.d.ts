// Written by `node tools/docs.mjs` from the gateway's OpenAPI document; do not edit.

export interface paths {
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List orders, newest first */
        get: operations["listOrders"];
        put?: never;
        /**
         * Place an order
         * @description The order is stored, and its outcome follows: read it, wait for it with `Prefer: wait`, or watch its events. Once this is answered, the order reaches an end whatever fails meanwhile; Kafka need not even be there.
         */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an order
         * @description 304 says that the order and its sagas are as they were. To watch the steps of a saga, stream its events.
         */
        get: operations["readOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the lines or the address of a confirmed order
         * @description The operations are rebased onto what others have changed since the version of If-Match, and the address is merged with it: two who change different lines both have their way. What cannot be is refused with 412; `clashing` names the operations, or the parts of the address. Stock, payment and carrier must agree: the order is REVISING until they have, and then CONFIRMED, as `revision` asked or as it was. Nobody else changes it meanwhile.
         */
        patch: operations["reviseOrder"];
        trace?: never;
    };
    "/v1/orders/{orderId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order
         * @description The cancellation is accepted, and its outcome follows: the order becomes CANCELLED, or it is confirmed (or rejected) and `cancellation` says why it was not cancelled. Meanwhile it is CANCELLING and takes no other change. An order that is still being placed is cancelled until it is handed to the carrier; a confirmed one until the carrier has the parcel.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an order's messages, or watch them
         * @description Every Kafka message about the order, commands and events of all services, each after what caused it. How it is paid, and persons’ data, are left out: the order itself has its address. With `Accept: text/event-stream` the past ones come first, then each as it happens, until the client goes.
         */
        get: operations["orderEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{orderId}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read all that is known about an order, from everywhere
         * @description The order, its sagas, its messages in Kafka; and of each service: which of the messages its inbox has, which duplicates it dropped, what waits in its outbox, what is parked, its rows with their versions, its timers, and how far its consumer group has read. Services are asked at the same time, for a second. What does not answer is named in `missing`.
         */
        get: operations["readEvidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List products, by SKU */
        get: operations["listProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{sku}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a product and its stock */
        get: operations["readProduct"];
        /**
         * List a product, or change its name and price
         * @description Orders already placed keep their prices. The order service learns of the change by an event, a moment later.
         */
        put: operations["putProduct"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change some fields of a product
         * @description With If-Match, the fields are merged into what others have changed since that version, and refused only where both have changed the same; price and currency count as one. Without it, they are put into the product as it is.
         */
        patch: operations["patchProduct"];
        trace?: never;
    };
    "/v1/products/{sku}/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Correct the stock on hand
         * @description With an `Idempotency-Key`, a request that is sent again adjusts once. Without it each request adjusts once more: after a lost answer, read the product before you repeat it.
         */
        post: operations["adjustStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what the shop tells its customers */
        get: operations["readSetting"];
        /**
         * Set what the shop tells its customers
         * @description The last writer wins, in the order in which the database commits. `overwrote` says which version went although If-Match did not name it; no version is refused.
         */
        put: operations["putSetting"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{customerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a customer's profile */
        get: operations["readCustomer"];
        /**
         * Create or replace a customer's profile
         * @description The client chooses the id, a UUID. A field that is as it was at the version of If-Match counts as unchanged: what others have changed since then stays, and only a field that both have changed is refused. Orders already placed keep the address that they have.
         */
        put: operations["putCustomer"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change fields of a customer's profile
         * @description A JSON Merge Patch (RFC 7386): fields that it names get its values, null deletes one. It is merged with what others have changed since the version of If-Match. The same field changed by both, or two parts of one address, is refused with 412; `clashing` names the fields.
         */
        patch: operations["patchCustomer"];
        trace?: never;
    };
    "/v1/payment-intents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payment intents, newest first
         * @description Those of orders, too: by the time of their order.
         */
        get: operations["listPaymentIntents"];
        put?: never;
        /**
         * Create a payment intent
         * @description An intent of no order. Nothing is taken yet: its amount may be changed until its charge is requested. The payments of orders are made with their orders.
         */
        post: operations["createPaymentIntent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payment-intents/{paymentIntentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was charged and refunded, for an order or by itself
         * @description The payment of an order has the id of the order.
         */
        get: operations["readPaymentIntent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the amount of a payment intent
         * @description Only while it is CREATED. From the request for its charge on, its amount is fixed: what is captured is the amount that the intent shows.
         */
        patch: operations["patchPaymentIntent"];
        trace?: never;
    };
    "/v1/payment-intents/{paymentIntentId}/charge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Charge a payment intent
         * @description Once in its life. The provider is asked after this is answered; read the intent for the outcome, CHARGED or CHARGE_FAILED. With If-Match the amount is charged that was read; without, the amount that the intent has.
         */
        post: operations["chargePaymentIntent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payment-intents/{paymentIntentId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a payment intent up
         * @description Only while it is CREATED: it is never charged then. What was charged is refunded instead.
         */
        post: operations["cancelPaymentIntent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payment-intents/{paymentIntentId}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give back some or all of what a payment intent has taken
         * @description One refund runs at a time. The provider is asked after this is answered; read the intent for what was given back.
         */
        post: operations["refundPaymentIntent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read where the parcel of an order is
         * @description Its state, its tracking number, and when it got each of its states.
         */
        get: operations["readShipment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/{orderId}/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand a parcel over to the carrier
         * @description As the clock of the carrier does after `CARRIER_HANDS_OVER_AFTER_MS`. The goods leave the stock, and the order can no longer be changed or cancelled. 409 when the shipment is not CREATED.
         */
        post: operations["handOverShipment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/{orderId}/deliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell that the carrier has delivered a parcel
         * @description As the clock of the carrier does after `CARRIER_DELIVERS_AFTER_MS`. 409 when the shipment is not HANDED_OVER.
         */
        post: operations["deliverShipment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open an account
         * @description What is paid in comes from outside: in the ledger it is a movement from `deposits`, so that all entries still add up to zero. An account is never deleted, and its currency never changes.
         */
        post: operations["openAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{accountId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the balance of an account
         * @description Transfers that are still queued are not in the balance.
         */
        get: operations["readAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move money from one account to another
         * @description The transfer is stored, and decided soon: read it. Transfers that share an account are decided in the order in which they were stored, whichever side of them it is. With `skipQueue=true` it is decided in this request, with no order among those that are queued. An account that does not cover the amount is no error: the transfer is REJECTED.
         */
        post: operations["requestTransfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transfers/{transferId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read whether a transfer was applied */
        get: operations["readTransfer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in an event of the payment provider's
         * @description For the provider alone, which signs each event with a secret. An event may come twice, late and in any order: it settles its payment once. 200 means that what follows from it is stored; for anything else the provider sends it again. A signature is refused that is more than five minutes old.
         */
        post: operations["receiveWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sagas, newest first */
        get: operations["listSagas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{sagaId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a saga and its steps */
        get: operations["readSaga"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{sagaId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask once more what a stuck saga waits for
         * @description Of a STUCK saga: the awaited command is sent again under the same command id, with a fresh budget. Participants answer again from what they know, so nothing happens twice. It is kept with the saga who did it, when and why. With `dryRun=true` nothing is done, and the answer tells the very commands that the same request would send.
         */
        post: operations["retrySaga"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{sagaId}/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Declare the awaited step done by hand
         * @description The saga goes on as if the step, or its compensation, had been answered. For where there is no way back and somebody has done it outside of the system. It is kept with the saga who did it, when and why. With `dryRun=true` nothing is done, and the answer tells the very commands that the same request would send.
         */
        post: operations["skipSaga"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{sagaId}/compensate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Turn a saga back
         * @description What ran is taken back, the latest first. Only before the pivot was asked. It is kept with the saga who did it, when and why. With `dryRun=true` nothing is done, and the answer tells the very commands that the same request would send.
         */
        post: operations["compensateSaga"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{sagaId}/abandon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a saga up
         * @description Nothing more is undone; the order is still told its end. What may be left behind stays in sight: the steps are `abandoned`, `backstep doctor` names the money and the stock, and the saga is never purged. It is kept with the saga who did it, when and why. With `dryRun=true` nothing is done, and the answer tells the very commands that the same request would send.
         */
        post: operations["abandonSaga"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Act on several sagas, each by itself
         * @description Up to 100 sagas, each with the version it was read with. What is refused of one keeps no other back, so the answer is 200 with a status for each; 503 when none could be asked. With `dryRun=true` nothing is done, and the answer tells the very commands that the same request would send.
         */
        post: operations["operateSagas"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what operators did, newest first
         * @description Who did what to which saga or parked message, why, from which state to which, and what was sent for it. What was done to a saga is kept as long as the saga; of one that was abandoned, or had a step skipped, for ever. What was done to a parked message is kept for `PARKED_OPERATIONS_RETAIN_DAYS` of its service, 90 by default.
         */
        get: operations["listOperations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/parked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the messages that could not be handled, of all services
         * @description Service by service, in the order they were parked. What is held behind a poisoned message has its key: it is handled in this order when the poisoned one is settled. What a message says is told when it is read alone.
         */
        get: operations["listParked"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/parked/{messageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a parked message */
        get: operations["readParked"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/parked/{messageId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Handle a parked message again
         * @description When it is handled now, those that waited behind it follow. When it fails again it stays parked. One that is cut, or is not the first of its key, is refused. The service keeps who did it, when and why. With `dryRun=true` nothing is done, and the answer tells what the same request would do.
         */
        post: operations["replayParked"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/parked/{messageId}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a parked message up
         * @description It is never handled; those that waited behind it follow. It stays in the list as discarded. One that waits itself is refused. The service keeps who did it, when and why. With `dryRun=true` nothing is done, and the answer tells what the same request would do.
         */
        post: operations["discardParked"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how much writes lose to each other, in each service
         * @description Of the last minute, all instances of a service together.
         */
        get: operations["readContention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contention/keys/{service}/{entity}/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how a key is taken, and what was decided about it
         * @description A key that nobody has fought for has no decisions. It need not be of a row that exists.
         */
        get: operations["readContentionKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch all that happens
         * @description One stream for everything a client shows: the messages of all orders, in the order of their partitions, or those that fit all of the filters. All streams of a gateway share one reader of Kafka. A client that comes back with Last-Event-ID is told what it has missed, also by another gateway.
         */
        get: operations["readStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look through the messages in Kafka
         * @description Records of the topics in order of time, those that fit all of the filters. What does not look like a message is shown too. Nothing is committed, and no consumer group is joined. A filter looks at record after record, so that a page says how far it looked; with `key` only the partition of the key is read. Filters see what is shown, and find nothing else.
         */
        get: operations["listMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages/{topic}/{partition}/{offset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one message by its position
         * @description A position never means another message, save when Kafka has lost its log. The value is whole, but for text that is no JSON.
         */
        get: operations["readMessage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the topics, with where each partition begins and ends */
        get: operations["listTopics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the services’ consumer groups, with how far behind each is */
        get: operations["listGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what runs here, and what it can do
         * @description The services and whether each is ready, the sagas as they are registered, and what the stand-ins of the payment provider and the carrier do on demand. It is answered whatever is away.
         */
        get: operations["readSystem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process runs */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether it takes requests
         * @description It does from its start until it drains. A service or Kafka being away takes only what needs it away: that answers 503.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The console, or where things are */
        get: operations["readRoot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: orders
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["ordersPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: two orders beside each other
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["comparePage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: an order
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["orderPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: messages in Kafka
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["messagesPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{topic}/{partition}/{offset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: a message in Kafka
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["messagePage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: topics and consumer groups
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["topicsPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/groups/{groupId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: a consumer group
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["groupPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sagas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: sagas, as a work list
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["sagasPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sagas/{sagaId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: a saga
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["sagaPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: what operators did
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["operationsPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/playground": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: place orders
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["playgroundPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: products
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["productsPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products/{sku}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: a product
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["productPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/parked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: parked messages
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["parkedPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/contention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: what writes lose to each other
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["contentionPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of the console */
        get: operations["consoleFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where things of this version are */
        get: operations["readApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document, for people */
        get: operations["readDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document, for programs */
        get: operations["readOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lab": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The console: make faults, and see what holds
         * @description The query is the state of the page: filters, tab, selection. The server does not read it.
         */
        get: operations["labPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dev/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the processes, and the faults that were made in them
         * @description Only where `npm start` runs the services, and for development.
         */
        get: operations["listFaults"];
        put?: never;
        /**
         * Make a fault: kill, pause, slow or hold a process, or let the provider ail
         * @description Only where `npm start` runs the services, and for development. Every fault heals by itself after `forMs`, whatever becomes of who made it; a killed process is started again. Nothing but what `npm start` has started is touched.
         */
        post: operations["makeFault"];
        /**
         * Heal all faults
         * @description Only where `npm start` runs the services, and for development.
         */
        delete: operations["healFaults"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dev/faults/{faultId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Heal a fault
         * @description Only where `npm start` runs the services, and for development. A killed process comes back by itself.
         */
        delete: operations["healFault"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dev/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check the invariants
         * @description Only where `npm start` runs the services, and for development. The report of `npx backstep doctor --json` on the newest 500 orders. One examination at a time, 2 s apart: who asks meanwhile gets the same report.
         */
        get: operations["readDoctor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description RFC 9457 */
        Problem: {
            /**
             * Format: uri
             * @description What kind of problem, for programs: it does not change
             */
            type: string;
            /** @description The same for people */
            title: string;
            status: number;
            /** @description What is wrong this time */
            detail?: string;
            /**
             * Format: uri-reference
             * @description The path that was asked
             */
            instance?: string;
            /** @description Look for it in the logs */
            requestId?: string;
            errors?: {
                /** @enum {string} */
                in: "body" | "query" | "path" | "header";
                field: string;
                /** @description In a body: its JSON Pointer as a URI fragment */
                pointer?: string;
                message: string;
            }[];
            /** @description Of a resource that is not as the request has it: as it is now */
            current?: {
                [key: string]: unknown;
            };
            /** @description The change that was asked for */
            yours?: {
                [key: string]: unknown;
            };
            /** @description What has changed since the version that If-Match names; left out where that is not known */
            changedSince?: {
                version: number;
                fields: string[];
                /** Format: date-time */
                at: string;
                by?: string;
            }[];
            /** @description Fields, or operations, of the change that clash with what has changed since that version */
            clashing?: (string | {
                [key: string]: unknown;
            })[];
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "sku": "mug-blue",
         *           "quantity": 2
         *         }
         *       ],
         *       "paymentMethod": "pm_card_visa",
         *       "shippingAddress": {
         *         "name": "Ada Lovelace",
         *         "line1": "12 St James Square",
         *         "city": "London",
         *         "postalCode": "SW1Y 4JH",
         *         "country": "GB"
         *       }
         *     }
         */
        PlaceOrder: {
            items: {
                sku: string;
                quantity: number;
            }[];
            /** @description The payment provider's name for the card, such as `pm_card_visa`; or `account:` and the id of an account, from which the order is paid */
            paymentMethod: string;
            /**
             * Format: uuid
             * @description Whose order it is. Its profile gives the address where the order names none, as it is at this moment
             */
            customerId?: string;
            /** @description Needed where there is no `customerId` */
            shippingAddress?: {
                name: string;
                line1: string;
                city: string;
                postalCode: string;
                country: string;
            };
        };
        Order: {
            /** Format: uuid */
            id: string;
            status: components["schemas"]["OrderStatus"];
            /** @description Counts the changes; the number in the ETag */
            version: number;
            currency: string;
            /** @description Integer minor units, for example cents */
            total: number;
            items: {
                sku: string;
                quantity: number;
                /** @description Integer minor units, for example cents */
                unitPrice: number;
            }[];
            shippingAddress: {
                name: string;
                line1: string;
                city: string;
                postalCode: string;
                country: string;
            };
            /** Format: date-time */
            createdAt: string;
            failure: {
                /** @enum {string} */
                code: "out_of_stock" | "payment_declined" | "shipment_refused" | "timed_out" | "cancelled_by_customer";
                message: string;
            } | null;
            /** @description The change that is at work; null: the order can be changed */
            change: components["schemas"]["OrderChange"] | null;
            /** @description How its latest cancellation ended */
            cancellation: components["schemas"]["Cancellation"] | null;
            /** @description The latest revision; null where there was none */
            revision?: components["schemas"]["OrderRevision"] | null;
            links: {
                /** Format: uri-reference */
                self: string;
                /** Format: uri-reference */
                events: string;
                /** Format: uri-reference */
                saga: string;
            };
        };
        /**
         * @description PENDING: its saga is at work. CONFIRMED: reserved, charged and shipping. REJECTED: undone; `failure` says why. CANCELLING, REVISING: a change is at work; `change` says which. CANCELLED: undone, as the customer wished.
         * @enum {string}
         */
        OrderStatus: "PENDING" | "CONFIRMED" | "REJECTED" | "CANCELLING" | "CANCELLED" | "REVISING";
        /** @description The change that holds the order, and since when */
        OrderChange: {
            /** @enum {string} */
            kind: "cancel" | "revise";
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            since: string;
        };
        Cancellation: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            endedAt: string;
            /** @description Why it was refused; null: the order is cancelled */
            refusal: {
                /** @enum {string} */
                code: "handed_over" | "confirmed_meanwhile" | "rejected_meanwhile" | "timed_out";
                message: string;
            } | null;
        };
        OrderRevision: {
            /** Format: uuid */
            id: string;
            /**
             * @description REQUESTED: its saga is at work. APPLIED: the order is as it says. REJECTED: the order stayed as it was; `failure` says why.
             * @enum {string}
             */
            status: "REQUESTED" | "APPLIED" | "REJECTED";
            /** @description As they are applied: without those that others had done already */
            operations: components["schemas"]["LineOperationView"][];
            /** @description The lines that the order shall have */
            items: {
                sku: string;
                quantity: number;
                /** @description Integer minor units, for example cents */
                unitPrice: number;
            }[];
            /** @description Integer minor units, for example cents */
            total: number;
            shippingAddress: {
                name: string;
                line1: string;
                city: string;
                postalCode: string;
                country: string;
            };
            failure: {
                /** @enum {string} */
                code: "out_of_stock" | "payment_declined" | "shipment_refused" | "timed_out" | "cancelled_by_customer";
                message: string;
            } | null;
            /** Format: date-time */
            requestedAt: string;
        };
        LineOperationView: {
            /** @enum {string} */
            op: "setQuantity" | "addLine" | "removeLine";
            sku: string;
            /** @description Not of removeLine */
            quantity?: number;
        };
        OrderWithSaga: {
            /** Format: uuid */
            id: string;
            status: components["schemas"]["OrderStatus"];
            /** @description Counts the changes; the number in the ETag */
            version: number;
            currency: string;
            /** @description Integer minor units, for example cents */
            total: number;
            items: {
                sku: string;
                quantity: number;
                /** @description Integer minor units, for example cents */
                unitPrice: number;
            }[];
            shippingAddress: {
                name: string;
                line1: string;
                city: string;
                postalCode: string;
                country: string;
            };
            /** Format: date-time */
            createdAt: string;
            failure: {
                /** @enum {string} */
                code: "out_of_stock" | "payment_declined" | "shipment_refused" | "timed_out" | "cancelled_by_customer";
                message: string;
            } | null;
            /** @description The change that is at work; null: the order can be changed */
            change: components["schemas"]["OrderChange"] | null;
            /** @description How its latest cancellation ended */
            cancellation: components["schemas"]["Cancellation"] | null;
            /** @description The latest revision; null where there was none */
            revision?: components["schemas"]["OrderRevision"] | null;
            links: {
                /** Format: uri-reference */
                self: string;
                /** Format: uri-reference */
                events: string;
                /** Format: uri-reference */
                saga: string;
            };
            /** @description The saga that places the order; null when none has begun, or the orchestrator does not answer */
            saga: components["schemas"]["Saga"] | null;
            /** @description All sagas of the order, the first begun first; null when the orchestrator does not answer */
            sagas: components["schemas"]["Saga"][] | null;
        };
        Saga: {
            /** Format: uuid */
            id: string;
            type: string;
            /** @description The definition it began with and finishes on */
            definitionVersion: number;
            state: components["schemas"]["SagaState"];
            /** @description Counts the changes; the number in the ETag */
            version: number;
            failure: {
                code: string;
                message: string;
            } | null;
            /** @description Why nothing can move it, whatever its state says: its definition is not deployed */
            blockedBecause: string | null;
            stuckBecause: string | null;
            /** @description The one command whose answer counts now */
            awaiting: {
                step: string;
                /** @enum {string} */
                direction: "forward" | "undo";
                commandId: string;
                /** @description How often the command was sent */
                attempts: number;
                /**
                 * Format: date-time
                 * @description When its command was sent first
                 */
                since: string;
                /** @description When the command is sent again, or given up */
                dueAt: string | null;
            } | null;
            steps: components["schemas"]["SagaStep"][];
            /** @description What an operator may do to it now */
            legalActions: components["schemas"]["SagaAction"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** Format: uuid */
            orderId: string;
            links: {
                /** Format: uri-reference */
                self: string;
                /** Format: uri-reference */
                order: string;
                /** Format: uri-reference */
                events: string;
            };
            deadlineAt: string | null;
            /** @description What an operator may not do to it now, and why; empty once it has ended */
            refusedActions: {
                action: components["schemas"]["SagaAction"];
                because: string;
            }[];
            /** @description What operators did to it, oldest first */
            operations: components["schemas"]["DoneByOperator"][];
        };
        /**
         * @description STUCK waits for an operator. The last three are final.
         * @enum {string}
         */
        SagaState: "RUNNING" | "COMPENSATING" | "STUCK" | "COMPLETED" | "COMPENSATED" | "ABANDONED";
        SagaStep: {
            name: string;
            /** @enum {string} */
            kind: "compensatable" | "pivot" | "retriable";
            /**
             * @description skipped: it was never sent, or an operator declared it, or its compensation, done by hand (`skippedBy`). abandoned: it may have had its effect, an operator gave it up, and nobody takes it back
             * @enum {string}
             */
            state: "pending" | "sent" | "done" | "refused" | "undoing" | "undone" | "skipped" | "abandoned";
            /** @description How often the command was sent */
            attempts: number;
            sentAt: string | null;
            answeredAt: string | null;
            /** @description The operator who declared it done by hand; null when nobody did */
            skippedBy: string | null;
            /** @description Its compensation, once sent */
            undo: {
                /** @description How often the command was sent */
                attempts: number;
                sentAt: string | null;
                answeredAt: string | null;
                /** @description The operator who declared it done by hand; null when nobody did */
                skippedBy: string | null;
            } | null;
        };
        /** @enum {string} */
        SagaAction: "retry" | "skip" | "compensate" | "abandon";
        DoneByOperator: {
            action: components["schemas"]["SagaAction"];
            by: string;
            reason: string;
            /** Format: date-time */
            at: string;
            /** @description The state it was done in */
            from: components["schemas"]["SagaState"];
            /** @description The state it led to; null where that was not kept yet */
            to: components["schemas"]["SagaState"] | null;
            step: string;
            /** @enum {string} */
            direction: "forward" | "undo";
            /** @description The `ce_id` of each command that it sent, as its dry run showed it; null where that was not kept yet */
            commandIds: string[] | null;
            /** @description By which the logs know the request */
            requestId: string | null;
        };
        /**
         * @example {
         *       "lines": [
         *         {
         *           "op": "setQuantity",
         *           "sku": "mug-blue",
         *           "quantity": 3
         *         }
         *       ]
         *     }
         */
        ReviseOrder: {
            lines?: components["schemas"]["LineOperation"][];
            /** @description A JSON Merge Patch (RFC 7386): the parts of the address that change */
            shippingAddress?: {
                name?: string;
                line1?: string;
                city?: string;
                postalCode?: string;
                country?: string;
            };
        };
        /** @description setQuantity: a line gets another quantity. addLine: so many more of a product, as a line of its own where the order has none of it. removeLine: the line goes. Lines keep the price that they have; an added one gets the present price. */
        LineOperation: {
            /** @constant */
            op: "setQuantity";
            sku: string;
            quantity: number;
        } | {
            /** @constant */
            op: "addLine";
            sku: string;
            quantity: number;
        } | {
            /** @constant */
            op: "removeLine";
            sku: string;
        };
        OrderPage: {
            items: components["schemas"]["Order"][];
            /** @description Where the next page begins; null when this is the last one */
            nextCursor: string | null;
        };
        /** @description In causal order */
        OrderMessages: {
            items: components["schemas"]["OrderMessage"][];
            /** @description False when so much lies in the log since the order began that not all of it was read: there may be more of the order after these. The stream of events has them. */
            complete: boolean;
        };
        /** @description A message as it lies in Kafka */
        OrderMessage: {
            topic: string;
            partition: number;
            /** @description Decimal, 64 bit */
            offset: string;
            /**
             * Format: date-time
             * @description When it was sent to Kafka
             */
            timestamp: string;
            key: string | null;
            /** @description CloudEvents attributes with the prefix `ce_` */
            headers: {
                [key: string]: string;
            };
            /** @description The JSON value; the bare text when it is not JSON. What names a secret or a person’s data by its key is left out. */
            value: unknown;
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description Why this record, or all records of a batch that ends with it, could not be opened. It may be of any order: its key is not known. */
        Unreadable: {
            /** @enum {string} */
            cause: "unreadable" | "oversize";
            error: string;
            sizeBytes?: number;
        };
        /** @description Server-sent events. `data` is an OrderMessage as JSON; `id` says how far the stream has got. The comment `live` marks where the past ends; a comment every 15 seconds keeps the connection open. An event named `reset` says that Last-Event-ID is of a log that Kafka no longer has: its `data` is `{"reason":"log-lost"}`, its `id` is empty, and the messages follow from the first one on. Forget those received before. */
        OrderMessageStream: string;
        /** @description All that is known about an order, from everywhere */
        Evidence: {
            /** Format: uuid */
            orderId: string;
            /**
             * Format: date-time
             * @description The sources are read one after the other, within some tenths of a second
             */
            takenAt: string;
            /** @description null when the order service does not answer */
            order: components["schemas"]["Order"] | null;
            /** @description The first begun first */
            sagas: components["schemas"]["Saga"][];
            intents: components["schemas"]["PaymentIntent"][];
            /** @description In causal order; of more than fit the latest. What may be secret in them (payment methods) or is of a person (addresses) is left out. */
            messages: components["schemas"]["OrderMessage"][];
            services: components["schemas"]["ServiceEvidence"][];
            /** @description The lists that are cut: each has at most 1000 items */
            truncated: string[];
            missing: components["schemas"]["MissingEvidence"][];
        };
        PaymentIntent: {
            /** Format: uuid */
            id: string;
            /** @description null: it stands for itself */
            orderId: string | null;
            status: components["schemas"]["PaymentStatus"];
            /** @description Of its first charge, in integer minor units */
            amount: number;
            /** @description `XXX` (ISO 4217: no currency) when voided */
            currency: string;
            /** @description Of all its charges together */
            capturedAmount: number;
            /** @description Integer minor units, for example cents */
            refundedAmount: number;
            /** @description More than one where an order was changed; the oldest first */
            charges: components["schemas"]["PaymentCharge"][];
            /** @description The payment provider's id of the first charge */
            providerReference: string | null;
            failure: {
                reason: string;
                message: string;
            } | null;
            /** @description Calls to the provider for what was last asked of it */
            attempts: number;
            /** @description Why it is not known yet what the provider did; null when nothing waits for it */
            problem: string | null;
            /** @description Counts the changes; the number in the ETag */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            links: {
                /** Format: uri-reference */
                self: string;
                /**
                 * Format: uri-reference
                 * @description Left out where there is no order
                 */
                order?: string;
            };
        };
        /**
         * @description CREATED: free to change. CANCELLED: given up before it was charged. CHARGE_REQUESTED, REFUND_REQUESTED: the provider is asked, and its answer is not known yet. CHARGED: money was taken, and some of it is left. REFUNDED: nothing of it is left. VOIDED: the compensation of an order's payment came first; nothing was or will be charged.
         * @enum {string}
         */
        PaymentStatus: "CREATED" | "CANCELLED" | "CHARGE_REQUESTED" | "CHARGED" | "CHARGE_FAILED" | "REFUND_REQUESTED" | "REFUNDED" | "VOIDED";
        /** @description What was captured at once */
        PaymentCharge: {
            /**
             * Format: uuid
             * @description Of the first: the id of the payment intent
             */
            id: string;
            /** @description Integer minor units, for example cents */
            amount: number;
            /** @description Integer minor units, for example cents */
            refundedAmount: number;
            providerReference: string | null;
        };
        ServiceEvidence: {
            /** @description Of `messages`: those that the service has handled or parked */
            inbox: components["schemas"]["ReceivedEvidence"][];
            /** @description The duplicates that the process which answered has dropped lately. Other processes of the service may have dropped more. */
            dropped: components["schemas"]["DroppedEvidence"][];
            outbox: components["schemas"]["UnsentEvidence"][];
            parked: components["schemas"]["ParkedEvidence"][];
            rows: components["schemas"]["RowEvidence"][];
            timers: components["schemas"]["TimerEvidence"][];
            /** @description null while Kafka does not answer */
            group: components["schemas"]["GroupEvidence"] | null;
            /** @description The lists that are cut: each has at most 1000 items */
            truncated: string[];
            service: components["schemas"]["Service"];
        };
        ReceivedEvidence: {
            /** @description `ce_id` of the message */
            messageId: string;
            /** Format: date-time */
            receivedAt: string;
        };
        /** @description A record that was dropped, as its message was known already */
        DroppedEvidence: {
            /** @description `ce_id` of the message */
            messageId: string;
            topic: string;
            partition: number;
            /** @description Decimal, 64 bit */
            offset: string;
            /** Format: date-time */
            at: string;
        };
        /** @description A committed message that is not known to be in Kafka */
        UnsentEvidence: {
            id: string;
            topic: string;
            type: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        ParkedEvidence: {
            id: string;
            type: string | null;
            state: components["schemas"]["ParkedState"];
            cause: string;
            topic: string;
            partition: number;
            /** @description Decimal, 64 bit */
            offset: string;
            /** Format: date-time */
            parkedAt: string;
        };
        /**
         * @description poisoned: cannot be handled. held: waits behind a poisoned one of its key. discarded: an operator gave it up.
         * @enum {string}
         */
        ParkedState: "poisoned" | "held" | "discarded";
        RowEvidence: {
            table: string;
            key: string;
            version: number;
            /** @description For people, as it is now */
            state: string;
        };
        /** @description It fires at `wakeAt`: later than it is due when firing it has failed */
        TimerEvidence: {
            name: string;
            /** Format: date-time */
            dueAt: string;
            /** Format: date-time */
            wakeAt: string;
            failures: number;
            sagaId: string;
        };
        /** @description A consumer group, in the partition of the order’s key in each topic */
        GroupEvidence: {
            id: string;
            positions: {
                topic: string;
                partition: number;
                /** @description The next offset that it reads; null when it has read nothing yet */
                committed: string | null;
            }[];
        };
        /** @enum {string} */
        Service: "order" | "inventory" | "payment" | "shipment" | "orchestrator";
        /** @description What could not be looked at */
        MissingEvidence: {
            /** @enum {string} */
            source: "order" | "inventory" | "payment" | "shipment" | "orchestrator" | "kafka";
            what: string;
        };
        ProductPage: {
            items: components["schemas"]["Product"][];
            /** @description Where the next page begins; null when this is the last one */
            nextCursor: string | null;
        };
        Product: {
            sku: string;
            name: string;
            currency: string;
            /** @description Integer minor units, for example cents */
            price: number;
            /** @description In the warehouse */
            onHand: number;
            /** @description Of these, promised to orders */
            reserved: number;
            /** @description What can be ordered: on hand less reserved */
            available: number;
            /** @description Counts the changes of name, currency and price. Stock changes with every order and does not count. */
            version: number;
            links: {
                /** Format: uri-reference */
                self: string;
            };
        };
        /**
         * @example {
         *       "name": "Mug, green",
         *       "currency": "EUR",
         *       "price": 1290,
         *       "onHand": 100
         *     }
         */
        PutProduct: {
            name: string;
            /** @enum {string} */
            currency: "AED" | "AFN" | "ALL" | "AMD" | "AOA" | "ARS" | "AUD" | "AWG" | "AZN" | "BAM" | "BBD" | "BDT" | "BHD" | "BIF" | "BMD" | "BND" | "BOB" | "BRL" | "BSD" | "BTN" | "BWP" | "BYN" | "BZD" | "CAD" | "CDF" | "CHF" | "CLP" | "CNY" | "COP" | "CRC" | "CUP" | "CVE" | "CZK" | "DJF" | "DKK" | "DOP" | "DZD" | "EGP" | "ERN" | "ETB" | "EUR" | "FJD" | "FKP" | "GBP" | "GEL" | "GHS" | "GIP" | "GMD" | "GNF" | "GTQ" | "GYD" | "HKD" | "HNL" | "HTG" | "HUF" | "IDR" | "ILS" | "INR" | "IQD" | "IRR" | "ISK" | "JMD" | "JOD" | "JPY" | "KES" | "KGS" | "KHR" | "KMF" | "KPW" | "KRW" | "KWD" | "KYD" | "KZT" | "LAK" | "LBP" | "LKR" | "LRD" | "LSL" | "LYD" | "MAD" | "MDL" | "MGA" | "MKD" | "MMK" | "MNT" | "MOP" | "MRU" | "MUR" | "MVR" | "MWK" | "MXN" | "MYR" | "MZN" | "NAD" | "NGN" | "NIO" | "NOK" | "NPR" | "NZD" | "OMR" | "PAB" | "PEN" | "PGK" | "PHP" | "PKR" | "PLN" | "PYG" | "QAR" | "RON" | "RSD" | "RUB" | "RWF" | "SAR" | "SBD" | "SCR" | "SDG" | "SEK" | "SGD" | "SHP" | "SLE" | "SOS" | "SRD" | "SSP" | "STN" | "SVC" | "SYP" | "SZL" | "THB" | "TJS" | "TMT" | "TND" | "TOP" | "TRY" | "TTD" | "TWD" | "TZS" | "UAH" | "UGX" | "USD" | "UYU" | "UZS" | "VED" | "VES" | "VND" | "VUV" | "WST" | "XAF" | "XCD" | "XCG" | "XOF" | "XPF" | "YER" | "ZAR" | "ZMW" | "ZWG";
            /** @description Integer minor units, for example cents */
            price: number;
            /** @description The first stock of a new product, 0 when left out. Afterwards stock changes by adjustments, and this is ignored. */
            onHand?: number;
        };
        /**
         * @description A JSON Merge Patch (RFC 7386): the fields to change
         * @example {
         *       "price": 1390
         *     }
         */
        PatchProduct: {
            name?: string;
            /** @enum {string} */
            currency?: "AED" | "AFN" | "ALL" | "AMD" | "AOA" | "ARS" | "AUD" | "AWG" | "AZN" | "BAM" | "BBD" | "BDT" | "BHD" | "BIF" | "BMD" | "BND" | "BOB" | "BRL" | "BSD" | "BTN" | "BWP" | "BYN" | "BZD" | "CAD" | "CDF" | "CHF" | "CLP" | "CNY" | "COP" | "CRC" | "CUP" | "CVE" | "CZK" | "DJF" | "DKK" | "DOP" | "DZD" | "EGP" | "ERN" | "ETB" | "EUR" | "FJD" | "FKP" | "GBP" | "GEL" | "GHS" | "GIP" | "GMD" | "GNF" | "GTQ" | "GYD" | "HKD" | "HNL" | "HTG" | "HUF" | "IDR" | "ILS" | "INR" | "IQD" | "IRR" | "ISK" | "JMD" | "JOD" | "JPY" | "KES" | "KGS" | "KHR" | "KMF" | "KPW" | "KRW" | "KWD" | "KYD" | "KZT" | "LAK" | "LBP" | "LKR" | "LRD" | "LSL" | "LYD" | "MAD" | "MDL" | "MGA" | "MKD" | "MMK" | "MNT" | "MOP" | "MRU" | "MUR" | "MVR" | "MWK" | "MXN" | "MYR" | "MZN" | "NAD" | "NGN" | "NIO" | "NOK" | "NPR" | "NZD" | "OMR" | "PAB" | "PEN" | "PGK" | "PHP" | "PKR" | "PLN" | "PYG" | "QAR" | "RON" | "RSD" | "RUB" | "RWF" | "SAR" | "SBD" | "SCR" | "SDG" | "SEK" | "SGD" | "SHP" | "SLE" | "SOS" | "SRD" | "SSP" | "STN" | "SVC" | "SYP" | "SZL" | "THB" | "TJS" | "TMT" | "TND" | "TOP" | "TRY" | "TTD" | "TWD" | "TZS" | "UAH" | "UGX" | "USD" | "UYU" | "UZS" | "VED" | "VES" | "VND" | "VUV" | "WST" | "XAF" | "XCD" | "XCG" | "XOF" | "XPF" | "YER" | "ZAR" | "ZMW" | "ZWG";
            /** @description Integer minor units, for example cents */
            price?: number;
        };
        /**
         * @example {
         *       "delta": -2,
         *       "reason": "broken in the warehouse"
         *     }
         */
        AdjustStock: {
            /** @description How many more are on hand; negative for fewer */
            delta: number;
            /** @description Kept with the adjustment, for example `counted` or `delivery 42` */
            reason: string;
        };
        Setting: {
            /**
             * @description `notice`: what stands above the catalogue. `delivery`: how long a delivery takes
             * @enum {string}
             */
            name: "notice" | "delivery";
            value: string;
            /** Format: date-time */
            setAt: string;
            /** @description Counts the changes; the number in the ETag */
            version: number;
            links: {
                /** Format: uri-reference */
                self: string;
            };
        };
        /**
         * @example {
         *       "value": "We ship again on Monday."
         *     }
         */
        PutSetting: {
            value: string;
        };
        SettingSet: {
            /**
             * @description `notice`: what stands above the catalogue. `delivery`: how long a delivery takes
             * @enum {string}
             */
            name: "notice" | "delivery";
            value: string;
            /** Format: date-time */
            setAt: string;
            /** @description Counts the changes; the number in the ETag */
            version: number;
            /** @description The version that is gone although If-Match did not name it; null: there is none such */
            overwrote: number | null;
            links: {
                /** Format: uri-reference */
                self: string;
            };
        };
        Customer: {
            /** Format: uuid */
            id: string;
            name: string;
            email: string | null;
            phone: string | null;
            /** @description Where orders of this customer go that name no address */
            address: {
                line1: string;
                city: string;
                postalCode: string;
                country: string;
            } | null;
            /** @description Counts the changes; the number in the ETag */
            version: number;
            links: {
                /** Format: uri-reference */
                self: string;
            };
        };
        /**
         * @example {
         *       "name": "Ada Lovelace",
         *       "email": "ada@example.org",
         *       "phone": "+44 20 7946 0958",
         *       "address": {
         *         "line1": "12 St James Square",
         *         "city": "London",
         *         "postalCode": "SW1Y 4JH",
         *         "country": "GB"
         *       }
         *     }
         */
        PutCustomer: {
            name: string;
            email?: (string & (unknown & unknown)) | null;
            phone?: (string & (unknown & unknown)) | null;
            address?: {
                line1: string;
                city: string;
                postalCode: string;
                country: string;
            } | null;
        };
        /**
         * @example {
         *       "phone": "+44 20 7946 0018"
         *     }
         */
        PatchCustomer: {
            name?: string;
            email?: (string & (unknown & unknown)) | null;
            phone?: (string & (unknown & unknown)) | null;
            /** @description The parts that change, which must make a whole address with those that are there; null for none */
            address?: {
                line1?: string;
                city?: string;
                postalCode?: string;
                country?: string;
            } | null;
        };
        /**
         * @example {
         *       "amount": 4200,
         *       "currency": "EUR",
         *       "paymentMethod": "pm_card_visa"
         *     }
         */
        CreatePaymentIntent: {
            /** @description Integer minor units, for example cents */
            amount: number;
            /** @enum {string} */
            currency: "AED" | "AFN" | "ALL" | "AMD" | "AOA" | "ARS" | "AUD" | "AWG" | "AZN" | "BAM" | "BBD" | "BDT" | "BHD" | "BIF" | "BMD" | "BND" | "BOB" | "BRL" | "BSD" | "BTN" | "BWP" | "BYN" | "BZD" | "CAD" | "CDF" | "CHF" | "CLP" | "CNY" | "COP" | "CRC" | "CUP" | "CVE" | "CZK" | "DJF" | "DKK" | "DOP" | "DZD" | "EGP" | "ERN" | "ETB" | "EUR" | "FJD" | "FKP" | "GBP" | "GEL" | "GHS" | "GIP" | "GMD" | "GNF" | "GTQ" | "GYD" | "HKD" | "HNL" | "HTG" | "HUF" | "IDR" | "ILS" | "INR" | "IQD" | "IRR" | "ISK" | "JMD" | "JOD" | "JPY" | "KES" | "KGS" | "KHR" | "KMF" | "KPW" | "KRW" | "KWD" | "KYD" | "KZT" | "LAK" | "LBP" | "LKR" | "LRD" | "LSL" | "LYD" | "MAD" | "MDL" | "MGA" | "MKD" | "MMK" | "MNT" | "MOP" | "MRU" | "MUR" | "MVR" | "MWK" | "MXN" | "MYR" | "MZN" | "NAD" | "NGN" | "NIO" | "NOK" | "NPR" | "NZD" | "OMR" | "PAB" | "PEN" | "PGK" | "PHP" | "PKR" | "PLN" | "PYG" | "QAR" | "RON" | "RSD" | "RUB" | "RWF" | "SAR" | "SBD" | "SCR" | "SDG" | "SEK" | "SGD" | "SHP" | "SLE" | "SOS" | "SRD" | "SSP" | "STN" | "SVC" | "SYP" | "SZL" | "THB" | "TJS" | "TMT" | "TND" | "TOP" | "TRY" | "TTD" | "TWD" | "TZS" | "UAH" | "UGX" | "USD" | "UYU" | "UZS" | "VED" | "VES" | "VND" | "VUV" | "WST" | "XAF" | "XCD" | "XCG" | "XOF" | "XPF" | "YER" | "ZAR" | "ZMW" | "ZWG";
            /** @description May be named when it is charged */
            paymentMethod?: string;
        };
        PaymentIntentPage: {
            items: components["schemas"]["PaymentIntent"][];
            /** @description Where the next page begins; null when this is the last one */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "amount": 3900
         *     }
         */
        PatchPaymentIntent: {
            /** @description Integer minor units, for example cents */
            amount: number;
        };
        /**
         * @example {
         *       "paymentMethod": "pm_card_visa"
         *     }
         */
        ChargePaymentIntent: {
            /** @description In the place of the one that was named before */
            paymentMethod?: string;
        };
        /**
         * @example {
         *       "amount": 1200
         *     }
         */
        RefundPaymentIntent: {
            /** @description Left out: all that is left */
            amount?: number;
        };
        Shipment: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            orderId: string;
            status: components["schemas"]["ShipmentStatus"];
            /** @description The carrier's; null when the carrier never took it on */
            trackingNumber: string | null;
            /** @description Why the carrier refused; null when it did not */
            reason: string | null;
            items: {
                sku: string;
                quantity: number;
            }[];
            /** @description null when it was cancelled before it was created */
            country: string | null;
            /** @description The revision of the order that it was changed for last */
            revisionId: string | null;
            /** @description Its states and when it got them, the first first */
            history: {
                status: components["schemas"]["ShipmentStatus"];
                /** Format: date-time */
                at: string;
            }[];
            /** @description Counts the changes; the number in the ETag */
            version: number;
            links: {
                /** Format: uri-reference */
                self: string;
                /** Format: uri-reference */
                order: string;
            };
        };
        /**
         * @description CREATED: the carrier has taken the order on. HANDED_OVER: it has the parcel, and nothing can be changed any more. DELIVERED. CANCELLED: called back before it was handed over. REFUSED: the carrier does not take the order; `reason` says why.
         * @enum {string}
         */
        ShipmentStatus: "CREATED" | "HANDED_OVER" | "DELIVERED" | "CANCELLED" | "REFUSED";
        /**
         * @example {
         *       "currency": "EUR",
         *       "openingBalance": 100000,
         *       "overdraftLimit": 5000
         *     }
         */
        OpenAccount: {
            /**
             * @description It never changes
             * @enum {string}
             */
            currency: "AED" | "AFN" | "ALL" | "AMD" | "AOA" | "ARS" | "AUD" | "AWG" | "AZN" | "BAM" | "BBD" | "BDT" | "BHD" | "BIF" | "BMD" | "BND" | "BOB" | "BRL" | "BSD" | "BTN" | "BWP" | "BYN" | "BZD" | "CAD" | "CDF" | "CHF" | "CLP" | "CNY" | "COP" | "CRC" | "CUP" | "CVE" | "CZK" | "DJF" | "DKK" | "DOP" | "DZD" | "EGP" | "ERN" | "ETB" | "EUR" | "FJD" | "FKP" | "GBP" | "GEL" | "GHS" | "GIP" | "GMD" | "GNF" | "GTQ" | "GYD" | "HKD" | "HNL" | "HTG" | "HUF" | "IDR" | "ILS" | "INR" | "IQD" | "IRR" | "ISK" | "JMD" | "JOD" | "JPY" | "KES" | "KGS" | "KHR" | "KMF" | "KPW" | "KRW" | "KWD" | "KYD" | "KZT" | "LAK" | "LBP" | "LKR" | "LRD" | "LSL" | "LYD" | "MAD" | "MDL" | "MGA" | "MKD" | "MMK" | "MNT" | "MOP" | "MRU" | "MUR" | "MVR" | "MWK" | "MXN" | "MYR" | "MZN" | "NAD" | "NGN" | "NIO" | "NOK" | "NPR" | "NZD" | "OMR" | "PAB" | "PEN" | "PGK" | "PHP" | "PKR" | "PLN" | "PYG" | "QAR" | "RON" | "RSD" | "RUB" | "RWF" | "SAR" | "SBD" | "SCR" | "SDG" | "SEK" | "SGD" | "SHP" | "SLE" | "SOS" | "SRD" | "SSP" | "STN" | "SVC" | "SYP" | "SZL" | "THB" | "TJS" | "TMT" | "TND" | "TOP" | "TRY" | "TTD" | "TWD" | "TZS" | "UAH" | "UGX" | "USD" | "UYU" | "UZS" | "VED" | "VES" | "VND" | "VUV" | "WST" | "XAF" | "XCD" | "XCG" | "XOF" | "XPF" | "YER" | "ZAR" | "ZMW" | "ZWG";
            /**
             * @description What is paid in from outside
             * @default 0
             */
            openingBalance: number;
            /**
             * @description How far below zero the balance may fall
             * @default 0
             */
            overdraftLimit: number;
        };
        Account: {
            /** Format: uuid */
            id: string;
            currency: string;
            /** @description Integer minor units. Below zero the account is overdrawn, at most by `overdraftLimit` */
            balance: number;
            /** @description Integer minor units, for example cents */
            overdraftLimit: number;
            /** Format: date-time */
            openedAt: string;
            /** @description Counts the changes; the number in the ETag */
            version: number;
            links: {
                /** Format: uri-reference */
                self: string;
            };
        };
        /**
         * @example {
         *       "from": "0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40",
         *       "to": "0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b41",
         *       "amount": 2500,
         *       "reference": "rent of March"
         *     }
         */
        RequestTransfer: {
            /** Format: uuid */
            from: string;
            /** Format: uuid */
            to: string;
            /** @description Integer minor units of the currency of both accounts */
            amount: number;
            /**
             * @description Kept with the transfer
             * @default null
             */
            reference: string | null;
        };
        Transfer: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            from: string;
            /** Format: uuid */
            to: string;
            /** @description Integer minor units, for example cents */
            amount: number;
            currency: string;
            reference: string | null;
            status: components["schemas"]["TransferStatus"];
            /** @description Why it is REJECTED: `insufficient_funds`, `balance_too_large`; or `not_applied` when the service could not carry it out */
            reason: string | null;
            /** @description When it was applied or rejected; null while it is queued */
            settledAt: string | null;
            links: {
                /** Format: uri-reference */
                self: string;
                /** Format: uri-reference */
                from: string;
                /** Format: uri-reference */
                to: string;
            };
        };
        /**
         * @description QUEUED: stored, and not decided yet. APPLIED: the money is moved. REJECTED: no money is moved, and none will be; `reason` says why.
         * @enum {string}
         */
        TransferStatus: "QUEUED" | "APPLIED" | "REJECTED";
        /**
         * @example {
         *       "id": "evt_1PzQ5xBackstep000000001",
         *       "object": "event",
         *       "type": "payment_intent.succeeded",
         *       "data": {
         *         "object": {
         *           "id": "pi_3PzQ5xBackstep000000001",
         *           "object": "payment_intent",
         *           "amount": 4200,
         *           "amount_received": 4200,
         *           "currency": "eur",
         *           "metadata": {
         *             "paymentIntentId": "0199a3b0-7c1e-7000-8000-000000000001"
         *           },
         *           "status": "succeeded"
         *         }
         *       }
         *     }
         */
        ProviderEvent: {
            /** @description The same for each delivery */
            id: string;
            /** @constant */
            object: "event";
            /** @description `payment_intent.succeeded`, `payment_intent.payment_failed` or `charge.refunded`; others are taken in and ignored */
            type: string;
            data: {
                /** @description The PaymentIntent or the charge, with the `paymentIntentId` of this API in its metadata */
                object: {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        SagaPage: {
            items: components["schemas"]["SagaSummary"][];
            /** @description Where the next page begins; null when this is the last one */
            nextCursor: string | null;
        };
        SagaSummary: {
            /** Format: uuid */
            id: string;
            type: string;
            /** @description The definition it began with and finishes on */
            definitionVersion: number;
            state: components["schemas"]["SagaState"];
            /** @description Counts the changes; the number in the ETag */
            version: number;
            failure: {
                code: string;
                message: string;
            } | null;
            /** @description Why nothing can move it, whatever its state says: its definition is not deployed */
            blockedBecause: string | null;
            stuckBecause: string | null;
            /** @description The one command whose answer counts now */
            awaiting: {
                step: string;
                /** @enum {string} */
                direction: "forward" | "undo";
                commandId: string;
                /** @description How often the command was sent */
                attempts: number;
                /**
                 * Format: date-time
                 * @description When its command was sent first
                 */
                since: string;
                /** @description When the command is sent again, or given up */
                dueAt: string | null;
            } | null;
            /** @description In their order. A saga that has turned back has one more, the last, which ends it */
            steps: components["schemas"]["SagaStepSummary"][];
            /** @description What an operator may do to it now */
            legalActions: components["schemas"]["SagaAction"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** Format: uuid */
            orderId: string;
            links: {
                /** Format: uri-reference */
                self: string;
                /** Format: uri-reference */
                order: string;
                /** Format: uri-reference */
                events: string;
            };
        };
        SagaStepSummary: {
            name: string;
            /** @enum {string} */
            kind: "compensatable" | "pivot" | "retriable";
            /**
             * @description skipped: it was never sent, or an operator declared it, or its compensation, done by hand (`skippedBy`). abandoned: it may have had its effect, an operator gave it up, and nobody takes it back
             * @enum {string}
             */
            state: "pending" | "sent" | "done" | "refused" | "undoing" | "undone" | "skipped" | "abandoned";
        };
        /**
         * @example {
         *       "reason": "the carrier is back, INC-42"
         *     }
         */
        OperateSaga: {
            /** @description Why; kept with the saga for whoever looks at it next. Customers are not told. */
            reason: string;
        };
        SagaOperation: {
            action: components["schemas"]["SagaAction"];
            dryRun: boolean;
            transition: {
                from: components["schemas"]["SagaState"];
                to: components["schemas"]["SagaState"];
            };
            /** @description What is sent; of a dry run, what would be, to the ids */
            commands: components["schemas"]["SagaCommand"][];
            /** @description As it is now; of a dry run, as it would be */
            saga: components["schemas"]["Saga"];
        };
        /** @description A command, as Kafka carries it */
        SagaCommand: {
            /** @description The `ce_id` of the message */
            id: string;
            type: string;
            topic: string;
            key: string;
            commandId: string;
            data: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "action": "retry",
         *       "reason": "the carrier is back, INC-42",
         *       "targets": [
         *         {
         *           "sagaId": "5b3f3a52-0c5e-5c1e-9d57-3c3b7f6f0a11",
         *           "ifMatch": "\"v7\""
         *         }
         *       ]
         *     }
         */
        OperateSagas: {
            action: components["schemas"]["SagaAction"];
            /** @description Why; kept with each saga for whoever looks at it next. Customers are not told. */
            reason: string;
            /** @description Each saga once, by name: there is no action on all that match */
            targets: {
                /** Format: uuid */
                sagaId: string;
                /**
                 * @description The ETag the saga was read with: nobody acts on what has moved on.
                 * @example "v3"
                 */
                ifMatch: string;
            }[];
        };
        OperatedSagas: {
            /** @description In the order of `targets` */
            items: components["schemas"]["OperatedSaga"][];
        };
        /** @description What became of the action on one saga: either `operation` or `problem` */
        OperatedSaga: {
            /** Format: uuid */
            sagaId: string;
            /** @description The status that the action on this saga alone would have been answered */
            status: number;
            /** @description It was done before, by a request with the same key */
            replayed: boolean;
            operation: components["schemas"]["SagaOperation"] | null;
            problem: components["schemas"]["Problem"] | null;
        };
        OperationPage: {
            items: components["schemas"]["OperatorOperation"][];
            /** @description Where the next page begins; null when this is the last one */
            nextCursor: string | null;
            /** @description Services that did not answer: what operators did there is missing from this page */
            unreachable: components["schemas"]["Service"][];
        };
        /** @description What an operator did, and why */
        OperatorOperation: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            at: string;
            by: string;
            action: components["schemas"]["OperatorAction"];
            reason: string;
            /** @description What it was done to */
            target: {
                /** @enum {string} */
                kind: "saga" | "parked";
                /** Format: uuid */
                id: string;
                /** @description null for a message of no order */
                orderId: string | null;
                /** @description The service that did it */
                service: components["schemas"]["Service"];
            };
            /** @description The state of the target before */
            from: string;
            /** @description The state it led to; null where that was not kept yet */
            to: string | null;
            /** @description The step that the saga stood at; null for a parked message */
            step: string | null;
            direction: ("forward" | "undo") | null;
            /** @description The `ce_id` of each message that it sent, as its dry run showed it; null where that was not kept yet */
            commandIds: string[] | null;
            /** @description By which the logs know the request */
            requestId: string | null;
            links: {
                target: string | null;
                events: string | null;
            };
        };
        /** @enum {string} */
        OperatorAction: "retry" | "skip" | "compensate" | "abandon" | "replay" | "discard";
        ParkedPage: {
            items: components["schemas"]["ParkedSummary"][];
            /** @description Where the next page begins; null when this is the last one */
            nextCursor: string | null;
            /** @description Services that did not answer: what is parked there is missing from this page */
            unreachable: components["schemas"]["Service"][];
        };
        /** @description A parked message among others: without its headers and its value, which may have 256 KB */
        ParkedSummary: {
            /**
             * Format: uuid
             * @description The `ce_id` of the message, or one made from its position when it has none
             */
            id: string;
            /** @description The service that could not handle it */
            service: components["schemas"]["Service"];
            state: components["schemas"]["ParkedState"];
            /** @description For If-Match of replay and discard: `"v1"`. It counts what became of it */
            version: number;
            /** @description How many wait behind it, up to the next poisoned one of its key; 1000 is 1000 or more */
            held: number;
            /** @description Of a held one, the poisoned one that it waits behind; null when it is free, and is handled in some seconds */
            behind: string | null;
            topic: string;
            partition: number;
            offset: string;
            key: string;
            type: string | null;
            /** @description Not kept whole, because it is larger than any message that is handled, or cannot be read: discard it */
            cut: boolean;
            /** @description The size of its value in Kafka, where that is known */
            sizeBytes: number | null;
            /** @description Short and stable, for grouping: `bad_json`, `handler_failed`, … */
            cause: string;
            error: string;
            attempts: number;
            /** Format: date-time */
            parkedAt: string;
            links: {
                /** Format: uri-reference */
                self: string;
                /** Format: uri-reference */
                replay: string;
                /** Format: uri-reference */
                discard: string;
            };
        };
        ParkedMessage: {
            /**
             * Format: uuid
             * @description The `ce_id` of the message, or one made from its position when it has none
             */
            id: string;
            /** @description The service that could not handle it */
            service: components["schemas"]["Service"];
            state: components["schemas"]["ParkedState"];
            /** @description For If-Match of replay and discard: `"v1"`. It counts what became of it */
            version: number;
            /** @description How many wait behind it, up to the next poisoned one of its key; 1000 is 1000 or more */
            held: number;
            /** @description Of a held one, the poisoned one that it waits behind; null when it is free, and is handled in some seconds */
            behind: string | null;
            topic: string;
            partition: number;
            offset: string;
            key: string;
            type: string | null;
            headers: {
                [key: string]: string;
            };
            /** @description As it came, which need not be JSON. What names a secret or a person’s data by its key is left out: then JSON is written anew, and of another text the first 8,192 characters are shown. */
            value: string | null;
            /** @description Not kept whole, because it is larger than any message that is handled, or cannot be read: discard it */
            cut: boolean;
            /** @description The size of its value in Kafka, where that is known */
            sizeBytes: number | null;
            /** @description Short and stable, for grouping: `bad_json`, `handler_failed`, … */
            cause: string;
            error: string;
            attempts: number;
            /** Format: date-time */
            parkedAt: string;
            links: {
                /** Format: uri-reference */
                self: string;
                /** Format: uri-reference */
                replay: string;
                /** Format: uri-reference */
                discard: string;
            };
        };
        /**
         * @example {
         *       "reason": "the handler is mended, INC-42"
         *     }
         */
        SettleParked: {
            /** @description Why; kept for whoever asks who settled it. */
            reason: string;
        };
        /** @description What was done about a parked message, or would be */
        ParkedOperation: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            action: "replay" | "discard";
            dryRun: boolean;
            /**
             * @description What became of it; of a dry run, what would: `poisoned` when the replay would fail again
             * @enum {string}
             */
            state: "handled" | "discarded" | "poisoned";
            message: components["schemas"]["SettledMessage"];
            /** @description What waits behind it and is handled next, in this order; at most 500. Of a dry run, what would be. What the handler decides of these depends on what it does of those before */
            wouldRelease: components["schemas"]["ReleasedMessage"][];
            /** @description Of the dry run of a replay that would succeed */
            decision: components["schemas"]["ReplayDecision"] | null;
            /** @description Of the dry run of a replay that would fail again */
            failure: components["schemas"]["ReplayFailure"] | null;
            service: components["schemas"]["Service"];
        };
        /** @description A parked message as it was when somebody acted on it */
        SettledMessage: {
            /** Format: uuid */
            id: string;
            key: string;
            type: string | null;
            topic: string;
            partition: number;
            /** @description Decimal, 64 bit */
            offset: string;
            cause: string;
            attempts: number;
        };
        /** @description A message that waits behind a parked one */
        ReleasedMessage: {
            /** Format: uuid */
            id: string;
            type: string | null;
            topic: string;
            partition: number;
            /** @description Decimal, 64 bit */
            offset: string;
        };
        /** @description What the handler decides now. The write ran, and was rolled back */
        ReplayDecision: {
            messages: components["schemas"]["DecidedMessage"][];
            rows: components["schemas"]["DecidedRow"][];
            /** @description What would follow in the service itself, by name */
            effects: string[];
            /** @description More than 100 messages or rows */
            truncated: boolean;
        };
        /** @description A message that would be sent. Its id is made when it is */
        DecidedMessage: {
            type: string;
            topic: string;
            key: string;
            commandId: string | null;
            /** @description Without secrets; null where it is larger than 32 kB */
            data: unknown;
        };
        DecidedRow: {
            table: string;
            key: string;
            /** @description null: it is not there */
            from: components["schemas"]["DecidedState"] | null;
            /** @description null: it would be removed */
            to: components["schemas"]["DecidedState"] | null;
        };
        DecidedState: {
            /** @description null where the database makes it, in the write */
            version: number | null;
            /** @description Its `status` or `state`; null where it has neither */
            state: string | null;
        };
        /** @description Why it would fail again */
        ReplayFailure: {
            cause: string;
            error: string;
        };
        Contention: {
            /** Format: date-time */
            takenAt: string;
            /** @description So far back it reaches. Shorter windows are sums of the parts of `series` */
            windowMs: number;
            services: components["schemas"]["ServiceContention"][];
            /** @description Services that did not answer */
            unreachable: components["schemas"]["Service"][];
        };
        ServiceContention: {
            service: components["schemas"]["Service"];
            /**
             * @description idle: fewer than 100 attempts a minute. elevated: more than 10 % are lost. high: more than 20 %
             * @enum {string}
             */
            status: "idle" | "normal" | "elevated" | "high";
            /** @description Those that have written lately, and the one that was asked */
            instances: number;
            attempts: number;
            /** @description From 0 to 1 */
            ratio: number;
            entities: components["schemas"]["EntityContention"][];
            /** @description The keys that conflict most, at most ten */
            hottest: components["schemas"]["HotKey"][];
        };
        EntityContention: {
            /** @description What is written: the name of its class */
            entity: string;
            /** @description To write rows of it, in the last minute */
            attempts: number;
            /** @description Lost because a row had changed since it was read */
            conflicts: number;
            deadlocks: number;
            /** @description Lost because somebody held a row for too long */
            lockTimeouts: number;
            /** @description Given back as contended after too many lost attempts */
            gaveUp: number;
            /** @description What reading rows with locks took, all of them together */
            lockWaitMs: number;
            /** @description The share of attempts that were lost, from 0 to 1 */
            ratio: number;
            /** @description The same of the last 5 seconds */
            burstRatio: number;
            /**
             * @description low: less than 5 %. medium. high: more than 20 %. burst: four times as much in the last 5 seconds as in the minute
             * @enum {string}
             */
            class: "low" | "medium" | "high" | "burst";
            /** @description Milliseconds within which half of the reads with locks were done; null: there was none */
            lockWaitP50Ms: number | null;
            /** @description Milliseconds within which 99 of 100 reads with locks were done; null: there was none */
            lockWaitP99Ms: number | null;
            /** @description The minute, five seconds a part; five seconds without attempts have none */
            series: components["schemas"]["ContentionSlot"][];
        };
        ContentionSlot: {
            /**
             * Format: date-time
             * @description When its five seconds began
             */
            at: string;
            attempts: number;
            /** @description Those of them that were lost to others */
            lost: number;
        };
        HotKey: {
            entity: string;
            key: string;
            /**
             * @description locked: whoever wants it locks it as it reads it
             * @enum {string}
             */
            strategy: "optimistic" | "locked";
            /** @description For how long it has been taken so */
            forMs: number;
            /**
             * Format: date-time
             * @description The same as a time, by the clock of the instance that has decided
             */
            since: string;
            /** @description null: it has never been taken otherwise */
            why: components["schemas"]["DecisionReason"] | null;
            /** @description Of its attempts that are lost; null while it is locked */
            share: number | null;
            /** @description To write it, in the last minute */
            attempts: number;
            /** @description Those of them that were lost to others. Under locks none is */
            lost: number;
            /** @description As of an entity */
            series: components["schemas"]["KeySlot"][];
        };
        DecisionReason: {
            /**
             * @description conflicts: more than `threshold` of its attempts were lost. time_over: it was locked for as long as it was to be, and is tried without locks. calm: less than `threshold` were lost. unwanted: nobody wanted it for so long. crowded_out: more keys conflict than are kept
             * @enum {string}
             */
            rule: "conflicts" | "time_over" | "calm" | "unwanted" | "crowded_out";
            /** @description A share from 0 to 1 (conflicts, calm), milliseconds (time_over, unwanted), or keys */
            measured: number;
            /** @description What `measured` has passed, in its unit */
            threshold: number;
            /** @description That the share is of; null of what is no share */
            attempts: number | null;
            /**
             * @description How it was taken before
             * @enum {string}
             */
            previous: "optimistic" | "locked";
        };
        KeySlot: {
            /**
             * Format: date-time
             * @description When its five seconds began
             */
            at: string;
            attempts: number;
            /** @description Those of them that were lost to others */
            lost: number;
            /** @description Those of them that had locked the row as they read it. What these lose is told of the entity */
            locked: number;
        };
        KeyContention: {
            /** Format: date-time */
            takenAt: string;
            service: components["schemas"]["Service"];
            entity: string;
            key: string;
            /** @description How the entity says that its rows are taken */
            declared: {
                /** @enum {string} */
                strategy: "optimistic" | "locked" | "adaptive";
                /** @description A key that loses more of its attempts is locked; null unless adaptive */
                enter: number | null;
                /** @description One that loses less is forgotten; null unless adaptive */
                leave: number | null;
            };
            /** @description null: it is none of the ten keys that conflict most */
            hot: components["schemas"]["HotKey"] | null;
            /** @description How it was taken otherwise in the last hour, the latest first, at most fifty of each instance */
            items: components["schemas"]["KeyDecision"][];
        };
        KeyDecision: {
            /**
             * Format: date-time
             * @description By the clock of the instance that has decided
             */
            at: string;
            /**
             * @description locked: whoever wants it locks it as it reads it
             * @enum {string}
             */
            from: "optimistic" | "locked";
            /**
             * @description locked: whoever wants it locks it as it reads it
             * @enum {string}
             */
            to: "optimistic" | "locked";
            why: components["schemas"]["DecisionReason"];
        };
        /** @description Server-sent events. An event without a name is a message, its `data` an OrderMessage as JSON, without what is secret in it or of a person. `order`: `{id, status, version}`, what an event of an order says of it; null where it does not, then read the order. `saga`: `{id, orderId, state, version}`, a saga that has moved. `tick`: `{at, rates, inFlight, sagas, parked, unpublished, oldestUnpublishedMs, lag, health}`, once a second how the whole system is; a service that does not answer is missing in `parked` and `unpublished`, not zero. `contention`: a Contention, as `/v1/contention` answers it, every two seconds. `faults`: the processes and the faults in them, every second, and `invariants`: what the doctor has found, whenever it has looked; both where `npm start` runs the services. `untold`: `{watch}`, what you watch and this gateway cannot tell. `shed`: `{event, count}`, what you have missed because you read too slowly; `bye`: `{reason: "too-slow"}` after which the stream ends. `kafka`: `{reachable}`, whether Kafka can be read. `reset`: `{reason}`, what came since Last-Event-ID is not told, since it is too much or gone (`too-far`), or Kafka has another log (`log-lost`): read again what you show. The comment `live` marks where what is new begins; a comment every 15 seconds keeps the connection open. An id stands behind all events that came together: whoever is cut off before it is told them again. */
        Stream: string;
        /** @description Messages in order of time, in the direction that was asked for */
        MessagePage: {
            items: components["schemas"]["LogMessage"][];
            /** @description Goes on in this direction; null at the beginning of the log. At its end it finds what comes later. */
            nextCursor: string | null;
            /** @description Goes the other way from where this page began: it finds what came before it, or after */
            prevCursor: string;
            scanned: components["schemas"]["Scanned"];
        };
        /** @description A record of Kafka, shown as what it is */
        LogMessage: {
            topic: string;
            partition: number;
            /** @description Decimal, 64 bit */
            offset: string;
            /**
             * Format: date-time
             * @description When it was sent to Kafka
             */
            timestamp: string;
            key: string | null;
            /** @description CloudEvents attributes with the prefix `ce_` */
            headers: {
                [key: string]: string;
            };
            /** @description As `valueFormat` says: the JSON value, or its text where it is cut; the text; the bytes as Base64; null. What names a secret or a person’s data by its key is left out. */
            value: unknown;
            unreadable?: components["schemas"]["Unreadable"];
            /**
             * @description `none`: the record has no value. `binary`: it is no UTF-8. `unreadable`: `unreadable` says why; the value has the first bytes, where there are any.
             * @enum {string}
             */
            valueFormat: "json" | "text" | "binary" | "none" | "unreadable";
            /** @description The size of its value in Kafka; null without one, or when it cannot be read */
            valueBytes: number | null;
            /** @description The value is longer than is shown here */
            valueTruncated: boolean;
        };
        /** @description How far was looked for this page */
        Scanned: {
            /** @description How many records were looked at */
            records: number;
            /** @description What they hold */
            bytes: number;
            /** @description How long it took */
            ms: number;
            /** @description Offsets that lie further on, up to the end of the log: there are at most as many records. 0 when complete */
            remaining: number;
            ranges: components["schemas"]["ScannedRange"][];
            /** @description Whether everything up to the end of the log, or back to its beginning, was looked at. False when the page is full, or after 20,000 records or 2 s: go on with `nextCursor`. */
            complete: boolean;
        };
        /** @description A part of a partition that was looked at */
        ScannedRange: {
            topic: string;
            partition: number;
            /** @description Decimal, 64 bit */
            from: string;
            /** @description Not included */
            to: string;
        };
        Topics: {
            items: components["schemas"]["Topic"][];
            /**
             * Format: date-time
             * @description When Kafka said so: up to a second ago
             */
            takenAt: string;
        };
        Topic: {
            name: string;
            /** @description How long Kafka keeps a message; -1 for ever; null when the gateway may not read it */
            retentionMs: number | null;
            partitions: {
                partition: number;
                /** @description The first offset that is left; decimal, 64 bit */
                earliest: string;
                /** @description The offset of the next message */
                latest: string;
            }[];
        };
        ConsumerGroups: {
            items: components["schemas"]["ConsumerGroup"][];
            /**
             * Format: date-time
             * @description When Kafka said so: up to a second ago
             */
            takenAt: string;
        };
        ConsumerGroup: {
            id: string;
            service: components["schemas"]["Service"];
            /** @description Kafka’s word: `Stable`, `PreparingRebalance`, `Empty` (nobody is in it), `Dead` (there is none) */
            state: string;
            members: {
                id: string;
                clientId: string;
                host: string;
            }[];
            /** @description Messages that the group has not handled yet; null when that is not known of every partition */
            lag: number | null;
            partitions: {
                topic: string;
                partition: number;
                /** @description The next offset that the group reads; null when it has committed nothing */
                committed: string | null;
                /** @description The offset of the next message */
                latest: string;
                /** @description null when the group has committed nothing and nobody reads the partition */
                lag: number | null;
                /** @description Who reads the partition; null when nobody does */
                member: string | null;
            }[];
        };
        System: {
            /** @description Of the API */
            version: string;
            /** @description The commit it was built from; null when nobody has said */
            revision: string | null;
            /** @enum {string} */
            mode: "development" | "production";
            /** @description What not every gateway serves */
            capabilities: {
                /** @description Faults can be made and healed here */
                faults: boolean;
                /** @description The invariants are checked here */
                doctor: boolean;
                /** @description What writes lose to each other is told here */
                contention: boolean;
            };
            /** @description The gateway that answers, and those behind it */
            services: components["schemas"]["SystemService"][];
            /** @description Every version of a saga that is registered; null when the orchestrator does not answer */
            definitions: components["schemas"]["SagaDefinition"][] | null;
            /** @description Of the stand-in. Of Stripe itself, in its test mode, those whose names Stripe knows */
            testCards: components["schemas"]["SystemTestCard"][];
            /** @description Where the carrier does not deliver: it refuses, after the charge */
            notServed: {
                country: string;
                because: string;
            }[];
        };
        SystemService: {
            name: string;
            /**
             * @description down: it answers, and is not ready
             * @enum {string}
             */
            status: "ok" | "down" | "unreachable";
            /** @description What it depends on, as it last found it; empty while it is unreachable */
            checks: {
                [key: string]: {
                    /** @enum {string} */
                    status: "ok" | "down";
                    detail?: string;
                    durationMs: number;
                };
            };
        };
        SagaDefinition: {
            type: string;
            version: number;
            /** @description The name of a message */
            startsOn: string;
            /** @description From the start until the pivot must have been asked */
            deadlineMs: number;
            steps: components["schemas"]["SagaStepDefinition"][];
            /** @description What is sent when every compensation is done */
            whenUndone: components["schemas"]["SagaStepDefinition"] | null;
        };
        SagaStepDefinition: {
            name: string;
            /** @enum {string} */
            kind: "compensatable" | "pivot" | "retriable";
            /** @description Whom the step asks */
            service: string;
            /** @description The name of a message */
            send: string;
            /** @description The name of a message */
            done: string;
            /** @description null: it cannot be refused */
            refused: string | null;
            /** @description The command of its compensation; null: it has none */
            undo: string | null;
            undone: string | null;
            /** @description How long each attempt waits for its answer, without its random pause */
            timeoutMs: number;
            /** @description How often the command is sent at most */
            attempts: number;
        };
        SystemTestCard: {
            /** @description The `paymentMethod` of an order */
            id: string;
            /** @description What a charge to it does */
            does: string;
            /**
             * @description How a charge to it ends
             * @enum {string}
             */
            charge: "approved" | "declined";
            /**
             * @description refused: for good, unless a person makes it at the provider
             * @enum {string}
             */
            refund: "made" | "refused";
        };
        Liveness: {
            /** @constant */
            status: "ok";
            /** @description Which running system it belongs to, when it was told */
            instance?: string;
        };
        Readiness: {
            /** @enum {string} */
            status: "ok" | "down";
            service: string;
            reason?: string;
            checks: {
                [key: string]: {
                    /** @enum {string} */
                    status: "ok" | "down";
                    detail?: string;
                    durationMs: number;
                };
            };
        };
        ApiIndex: {
            name: string;
            version: string;
            links: {
                /** Format: uri-reference */
                docs: string;
                /** Format: uri-reference */
                openapi: string;
                /** Format: uri-reference */
                orders: string;
                /** Format: uri-reference */
                products: string;
                /** Format: uri-reference */
                sagas: string;
                /** Format: uri-reference */
                parked: string;
            };
        };
        OpenApiDocument: {
            [key: string]: unknown;
        };
        FaultList: {
            /** @description What was started here, and faults can be made in */
            processes: components["schemas"]["SystemProcess"][];
            /** @description Those that are on, and the latest that are over; the newest first */
            items: components["schemas"]["Fault"][];
            /** @description Where a process can be held */
            points: string[];
            /** @description So many may be on at once */
            faultsMax: number;
            /** Format: date-time */
            takenAt: string;
        };
        SystemProcess: {
            service: string;
            /** @description null while it is down */
            pid: number | null;
            /** @enum {string} */
            state: "starting" | "up" | "down" | "paused" | "slow" | "held";
            startedAt: string | null;
            /** @description Since everything was started */
            restarts: number;
        };
        Fault: {
            id: string;
            /** @enum {string} */
            kind: "kill" | "pause" | "slow" | "pause-point" | "provider";
            target: {
                service: string;
                pid: number | null;
            };
            /** @description What is done, to whom */
            what: string;
            /**
             * @description waiting: at a pause point that no process has come to yet
             * @enum {string}
             */
            state: "waiting" | "on" | "over";
            /** Format: date-time */
            startedAt: string;
            /** @description null: a killed process is back when it is ready */
            healsAt: string | null;
            endedAt: string | null;
        };
        /**
         * @example {
         *       "kind": "pause",
         *       "target": {
         *         "service": "payment"
         *       },
         *       "forMs": 10000
         *     }
         */
        NewFault: {
            /** @enum {string} */
            kind: "kill" | "pause" | "slow" | "pause-point" | "provider";
            target: components["schemas"]["FaultTarget"];
            /** @description Milliseconds after which it heals; default 10,000. A killed process comes back by itself */
            forMs?: number;
            /** @description Of `slow`: percent of the time in which it stands still; default 80 */
            level?: number;
            /**
             * @description Of `pause-point`: where it is held
             * @enum {string}
             */
            point?: "placement.before-commit" | "placement.after-commit" | "batch.before-commit" | "batch.after-commit" | "batch.halving" | "batch.parking" | "outbox.before-publish" | "outbox.after-ack" | "kafka.before-offset-commit" | "lane.before-apply" | "express.before-handing-over" | "express.after-commit" | "timer.before-commit" | "payment.before-provider-charge" | "payment.after-provider-charge" | "payment.before-provider-refund" | "payment.after-provider-refund";
            /**
             * @description Of `provider`: `silent` answers nothing, `error` answers 500; default `silent`
             * @enum {string}
             */
            ailment?: "silent" | "error";
        };
        FaultTarget: {
            /** @description The process: `payment`, `payment-2`, `host` */
            service: string;
            /** @description Refused when another process has taken the place of this one */
            pid?: number;
        };
        Healed: {
            /** @description How many faults were on, and are over now */
            healed: number;
        };
        DoctorReport: {
            /** Format: date-time */
            takenAt: string;
            /** @description What it has cost */
            tookMs: number;
            /** @description No violation. What is on its way, and what waits for an operator, is none */
            clean: boolean;
            /** @description Nothing was under way any more */
            atRest: boolean;
            invariants: components["schemas"]["Invariant"][];
            inFlight: {
                count: number;
                orders: {
                    orderId: string;
                    status: string;
                    ageMs: number;
                    waitsFor: string | null;
                }[];
            };
            attention: {
                count: number;
                items: {
                    what: string;
                    remedy: string;
                    orderId: string;
                    sagaId?: string;
                    message?: {
                        id: string;
                        type?: string;
                        topic?: string;
                        partition?: number;
                        offset?: string;
                    };
                }[];
            };
            totals: {
                orders: {
                    examined: number;
                    all: number;
                    byStatus: {
                        [key: string]: number;
                    };
                };
                sagas: {
                    [key: string]: number;
                };
                /** @description Minor units at the provider, by currency; null where it has no ledger to read */
                money: {
                    [key: string]: {
                        captured: number;
                        refunded: number;
                    };
                } | null;
                stock: {
                    skus: number;
                    onHand: number;
                    reserved: number;
                };
                messages: {
                    inKafka: number;
                    unreadable: number;
                    unreadablePlaces: {
                        topic: string;
                        partition: number;
                        offset: string;
                    }[];
                    unpublished: number;
                    goneWithTheirLogs: number;
                };
                logResets: {
                    service: string;
                    topic: string;
                    partition: number;
                    times: number;
                    lastAt: number;
                }[];
                parked: {
                    poisoned: number;
                    held: number;
                    discarded: number;
                };
            };
        };
        Invariant: {
            /** @description `I3` */
            id: string;
            /** @description What holds */
            title: string;
            /** @description How many violations there are; `violations` may hold fewer */
            found: number;
            violations: components["schemas"]["Violation"][];
        };
        Violation: {
            invariant: string;
            /** @description What is wrong, with its ids */
            what: string;
            remedy: string;
            orderId?: string;
            sagaId?: string;
            sku?: string;
            messages?: {
                id: string;
                type?: string;
                topic?: string;
                partition?: number;
                offset?: string;
            }[];
            references?: string[];
        };
    };
    responses: never;
    parameters: {
        /** @description Becomes the id of the request in logs and problems; without it, a new one does */
        "X-Request-Id": string;
        /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
        traceparent: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listOrders: {
        parameters: {
            query?: {
                status?: components["schemas"]["OrderStatus"];
                /** @description Only those placed at this time or later */
                from?: string;
                /** @description Only those placed before this time, which is not before `from` */
                to?: string;
                /** @description `nextCursor` of the page before; opaque. Left out for the first page. */
                cursor?: string;
                /** @description How many items at most */
                limit?: number;
            };
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
        };
    };
    placeOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description Chosen by the client, one for each order. The same key with the same body gives the same order, however often it is sent. */
                "Idempotency-Key": string;
                /** @description `wait=N` holds the answer back for the outcome, N seconds at most; at most 25. */
                Prefer?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceOrder"];
            };
        };
        responses: {
            /** @description The order is accepted. `status` is PENDING, or the outcome when it was waited for and came in time. */
            202: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Where the order is read */
                    Location?: string;
                    /** @description The order's version */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key had placed the order */
                    "Idempotency-Replayed"?: string;
                    /** @description How long the answer was held back at most, when Prefer asked for it */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    readOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order, and how its sagas are getting on */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderWithSaga"];
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Its tag */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    reviseOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag it was read with; `"v3"` for its version 3 will do, also without the quotes */
                "If-Match": string;
                /** @description Chosen by the client, one for each revision */
                "Idempotency-Key": string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["ReviseOrder"];
                "application/json": components["schemas"]["ReviseOrder"];
            };
        };
        responses: {
            /** @description The order as it is: others have done the same already */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The order, REVISING; `revision` has what is asked */
            202: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag it was read with; `"v3"` for its version 3 will do, also without the quotes */
                "If-Match": string;
                /** @description Chosen by the client, one for each cancellation. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order, CANCELLING */
            202: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    orderEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was received: the stream goes on after it. The id of another order is refused. */
                "Last-Event-ID"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderMessages"];
                    "text/event-stream": components["schemas"]["OrderMessageStream"];
                };
            };
        };
    };
    readEvidence: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The evidence */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Weak: a hash of all that is shown, but of the moment, and of how far groups have read beyond the messages of the order */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Evidence"];
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Its tag */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listProducts: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before; opaque. Left out for the first page. */
                cursor?: string;
                /** @description How many items at most */
                limit?: number;
            };
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductPage"];
                };
            };
        };
    };
    readProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares: it counts name, currency and price */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Its tag */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    putProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag the product was read with; left out for a new product */
                "If-Match"?: string;
                /** @description Chosen by the client, one for each change. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                sku: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutProduct"];
            };
        };
        responses: {
            /** @description The product is changed */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            /** @description The product is new */
            201: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    /** @description Where it is read */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
        };
    };
    patchProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag the product was read with */
                "If-Match"?: string;
                /** @description Chosen by the client, one for each change. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                sku: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["PatchProduct"];
                "application/json": components["schemas"]["PatchProduct"];
            };
        };
        responses: {
            /** @description The product with these fields, and with what others have changed */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
        };
    };
    adjustStock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, one for each adjustment. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                sku: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdjustStock"];
            };
        };
        responses: {
            /** @description The product with its new stock */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
        };
    };
    readSetting: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description `notice`: what stands above the catalogue. `delivery`: how long a delivery takes */
                name: "notice" | "delivery";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text, as it was set last */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setting"];
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Its tag */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    putSetting: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the text that this one is to replace */
                "If-Match"?: string;
                /** @description Chosen by the client, one for each change. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description `notice`: what stands above the catalogue. `delivery`: how long a delivery takes */
                name: "notice" | "delivery";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutSetting"];
            };
        };
        responses: {
            /** @description The text is set */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingSet"];
                };
            };
            /** @description The text is set for the first time */
            201: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    /** @description Where it is read */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingSet"];
                };
            };
        };
    };
    readCustomer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                customerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The profile */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Its tag */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    putCustomer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag the profile was read with; left out for a new customer */
                "If-Match"?: string;
                /** @description Chosen by the client, one for each change. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                customerId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutCustomer"];
            };
        };
        responses: {
            /** @description The profile is replaced */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            /** @description The customer is new */
            201: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    /** @description Where the profile is read */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
        };
    };
    patchCustomer: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag it was read with; `"v3"` for its version 3 will do, also without the quotes */
                "If-Match": string;
                /** @description Chosen by the client, one for each change. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                customerId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["PatchCustomer"];
                "application/json": components["schemas"]["PatchCustomer"];
            };
        };
        responses: {
            /** @description The profile as it is now */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
        };
    };
    listPaymentIntents: {
        parameters: {
            query?: {
                status?: components["schemas"]["PaymentStatus"];
                /** @description `nextCursor` of the page before; opaque. Left out for the first page. */
                cursor?: string;
                /** @description How many items at most */
                limit?: number;
            };
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of payment intents */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentIntentPage"];
                };
            };
        };
    };
    createPaymentIntent: {
        parameters: {
            query?: never;
            header: {
                /** @description Chosen by the client, one for each intent. The same key with the same request has one effect. */
                "Idempotency-Key": string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePaymentIntent"];
            };
        };
        responses: {
            /** @description The intent, CREATED */
            201: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    /** @description Where the intent is read */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentIntent"];
                };
            };
        };
    };
    readPaymentIntent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                paymentIntentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payment intent */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentIntent"];
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Its tag */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patchPaymentIntent: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag it was read with; `"v3"` for its version 3 will do, also without the quotes */
                "If-Match": string;
                /** @description Chosen by the client, one for each change. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                paymentIntentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["PatchPaymentIntent"];
                "application/json": components["schemas"]["PatchPaymentIntent"];
            };
        };
        responses: {
            /** @description The intent with its new amount */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentIntent"];
                };
            };
        };
    };
    chargePaymentIntent: {
        parameters: {
            query?: never;
            header: {
                /** @description Chosen by the client, one for each charge. The same key with the same request has one effect. */
                "Idempotency-Key": string;
                /** @description The ETag it was read with; `"v3"` for its version 3 will do, also without the quotes */
                "If-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                paymentIntentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChargePaymentIntent"];
            };
        };
        responses: {
            /** @description The intent, CHARGE_REQUESTED */
            202: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentIntent"];
                };
            };
        };
    };
    cancelPaymentIntent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, one for each cancellation. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                paymentIntentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The intent, CANCELLED */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentIntent"];
                };
            };
        };
    };
    refundPaymentIntent: {
        parameters: {
            query?: never;
            header: {
                /** @description Chosen by the client, one for each refund. The same key with the same request has one effect. */
                "Idempotency-Key": string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                paymentIntentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundPaymentIntent"];
            };
        };
        responses: {
            /** @description The intent, REFUND_REQUESTED */
            202: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentIntent"];
                };
            };
        };
    };
    readShipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The shipment */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Shipment"];
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Its tag */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    handOverShipment: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag it was read with; `"v3"` for its version 3 will do, also without the quotes */
                "If-Match": string;
                /** @description Chosen by the client, one for each move. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The shipment as it is now */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Shipment"];
                };
            };
        };
    };
    deliverShipment: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag it was read with; `"v3"` for its version 3 will do, also without the quotes */
                "If-Match": string;
                /** @description Chosen by the client, one for each move. The same key with the same request has one effect. */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The shipment as it is now */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Shipment"];
                };
            };
        };
    };
    openAccount: {
        parameters: {
            query?: never;
            header: {
                /** @description Chosen by the client, one for each account. The same key with the same body gives the same account. */
                "Idempotency-Key": string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAccount"];
            };
        };
        responses: {
            /** @description The account */
            201: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Where it is read */
                    Location?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares. For the next If-Match */
                    ETag?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
        };
    };
    readAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Its tag */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    requestTransfer: {
        parameters: {
            query?: {
                /** @description `true`: decided in this request. A transfer that is queued already stays so. */
                skipQueue?: "true" | "false";
            };
            header: {
                /** @description Chosen by the client, one for each transfer, for good. The same key with the same body is the same transfer. */
                "Idempotency-Key": string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestTransfer"];
            };
        };
        responses: {
            /** @description The transfer is decided: APPLIED or REJECTED */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Where it is read */
                    Location?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            /** @description The transfer is QUEUED */
            202: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Where it is read */
                    Location?: string;
                    /** @description `true` when an earlier request with this key has taken effect, and this is its answer */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
        };
    };
    readTransfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                transferId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The transfer as it is now */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
        };
    };
    receiveWebhook: {
        parameters: {
            query?: never;
            header: {
                /** @description By Stripe's scheme: `t=` a Unix time in seconds, `v1=` the HMAC-SHA256 of that time, a dot and the body */
                "Stripe-Signature": string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderEvent"];
            };
        };
        responses: {
            /** @description It need not come again */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description settled: stored now. known: the payment had it already. duplicate: this event was stored before. unknown_payment: the event is about no payment of this service. ignored: of a type, or about a movement, that nothing follows from.
                         * @enum {string}
                         */
                        outcome: "settled" | "known" | "duplicate" | "unknown_payment" | "ignored";
                    };
                };
            };
        };
    };
    listSagas: {
        parameters: {
            query?: {
                state?: components["schemas"]["SagaState"];
                type?: string;
                /** @description Only those of this order, or of these, with commas between; 50 at most */
                orderId?: string;
                /** @description Only those that nothing but an operator moves: STUCK ones, and those whose definition is not deployed (`blockedBecause`) */
                waitsFor?: "operator";
                /** @description Only those begun at this time or later */
                from?: string;
                /** @description Only those begun before this time, which is not before `from` */
                to?: string;
                /** @description `nextCursor` of the page before; opaque. Left out for the first page. */
                cursor?: string;
                /** @description How many items at most */
                limit?: number;
            };
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sagas */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaPage"];
                };
            };
        };
    };
    readSaga: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                sagaId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The saga */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Strong: `"v3.` and a hash of all that is shown`"`. The number is its version, which If-Match compares */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saga"];
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Its tag */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    retrySaga: {
        parameters: {
            query?: {
                /** @description `true`: show what would be done, and do nothing */
                dryRun?: "true" | "false";
            };
            header: {
                /** @description The ETag the saga was read with: nobody acts on what has moved on. */
                "If-Match": string;
                /** @description Who acts */
                "X-Operator": string;
                /** @description Repeated with the same key, it is done once */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                sagaId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperateSaga"];
            };
        };
        responses: {
            /** @description What was done, or would be */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description The saga's version now */
                    ETag?: string;
                    /** @description `true` when it was done before */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaOperation"];
                };
            };
        };
    };
    skipSaga: {
        parameters: {
            query?: {
                /** @description `true`: show what would be done, and do nothing */
                dryRun?: "true" | "false";
            };
            header: {
                /** @description The ETag the saga was read with: nobody acts on what has moved on. */
                "If-Match": string;
                /** @description Who acts */
                "X-Operator": string;
                /** @description Repeated with the same key, it is done once */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                sagaId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperateSaga"];
            };
        };
        responses: {
            /** @description What was done, or would be */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description The saga's version now */
                    ETag?: string;
                    /** @description `true` when it was done before */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaOperation"];
                };
            };
        };
    };
    compensateSaga: {
        parameters: {
            query?: {
                /** @description `true`: show what would be done, and do nothing */
                dryRun?: "true" | "false";
            };
            header: {
                /** @description The ETag the saga was read with: nobody acts on what has moved on. */
                "If-Match": string;
                /** @description Who acts */
                "X-Operator": string;
                /** @description Repeated with the same key, it is done once */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                sagaId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperateSaga"];
            };
        };
        responses: {
            /** @description What was done, or would be */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description The saga's version now */
                    ETag?: string;
                    /** @description `true` when it was done before */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaOperation"];
                };
            };
        };
    };
    abandonSaga: {
        parameters: {
            query?: {
                /** @description `true`: show what would be done, and do nothing */
                dryRun?: "true" | "false";
            };
            header: {
                /** @description The ETag the saga was read with: nobody acts on what has moved on. */
                "If-Match": string;
                /** @description Who acts */
                "X-Operator": string;
                /** @description Repeated with the same key, it is done once */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                sagaId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperateSaga"];
            };
        };
        responses: {
            /** @description What was done, or would be */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description The saga's version now */
                    ETag?: string;
                    /** @description `true` when it was done before */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SagaOperation"];
                };
            };
        };
    };
    operateSagas: {
        parameters: {
            query?: {
                /** @description `true`: show what would be done, and do nothing */
                dryRun?: "true" | "false";
            };
            header: {
                /** @description Who acts */
                "X-Operator": string;
                /** @description Repeated with the same key, the action is done once to each saga */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperateSagas"];
            };
        };
        responses: {
            /** @description What became of each */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatedSagas"];
                };
            };
        };
    };
    listOperations: {
        parameters: {
            query?: {
                /** @description Only what this operator did */
                by?: string;
                action?: components["schemas"]["OperatorAction"];
                orderId?: string;
                /** @description `nextCursor` of the page before; opaque. Left out for the first page. */
                cursor?: string;
                /** @description How many items at most */
                limit?: number;
            };
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of operations */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationPage"];
                };
            };
        };
    };
    listParked: {
        parameters: {
            query?: {
                service?: components["schemas"]["Service"];
                state?: components["schemas"]["ParkedState"];
                /** @description Only those with this key, as the list has it */
                key?: string;
                /** @description `nextCursor` of the page before; opaque. Left out for the first page. */
                cursor?: string;
                /** @description How many items at most */
                limit?: number;
            };
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of parked messages */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParkedPage"];
                };
            };
        };
    };
    readParked: {
        parameters: {
            query?: {
                /** @description Where it is parked. Left out, the services are asked in turn, and the first that has it answers. */
                service?: components["schemas"]["Service"];
            };
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Its version, for If-Match of replay and discard */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParkedMessage"];
                };
            };
        };
    };
    replayParked: {
        parameters: {
            query?: {
                /** @description Where it is parked, as the list tells. Left out, the services are asked in turn, and the first that has it acts. */
                service?: components["schemas"]["Service"];
                /** @description `true`: show what would be done, and do nothing */
                dryRun?: "true" | "false";
            };
            header: {
                /** @description The version the message was listed with: nobody acts on what has moved on. */
                "If-Match": string;
                /** @description Who acts */
                "X-Operator": string;
                /** @description Repeated with the same key, it is done once */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                messageId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettleParked"];
            };
        };
        responses: {
            /** @description What was done, or would be */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description `true` when it was done before; then nothing is released now */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParkedOperation"];
                };
            };
        };
    };
    discardParked: {
        parameters: {
            query?: {
                /** @description Where it is parked, as the list tells. Left out, the services are asked in turn, and the first that has it acts. */
                service?: components["schemas"]["Service"];
                /** @description `true`: show what would be done, and do nothing */
                dryRun?: "true" | "false";
            };
            header: {
                /** @description The version the message was listed with: nobody acts on what has moved on. */
                "If-Match": string;
                /** @description Who acts */
                "X-Operator": string;
                /** @description Repeated with the same key, it is done once */
                "Idempotency-Key"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                messageId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettleParked"];
            };
        };
        responses: {
            /** @description What was done, or would be */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description `true` when it was done before; then nothing is released now */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParkedOperation"];
                };
            };
        };
    };
    readContention: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each service that answered */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contention"];
                };
            };
        };
    };
    readContentionKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description One of order, inventory, payment, shipment, orchestrator */
                service: string;
                /** @description The name of the class, as `readContention` tells it */
                entity: string;
                /** @description As its primary key column has it */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyContention"];
                };
            };
        };
    };
    readStream: {
        parameters: {
            query?: {
                /** @description What to be told, with commas between: `tick`, `orders`, `sagas`, `messages`, `contention`, `faults`, `invariants` */
                watch?: string;
                /** @description Messages of these orders alone, with commas between; `order` and `saga` are told of all. One stream does so for a list of orders and the pages of some */
                messagesOf?: string;
                /** @description Only of this order */
                order?: string;
                /** @description Only with this key */
                key?: string;
                /** @description Only of this type, such as `OrderPlaced` */
                type?: string;
                /** @description Only in this topic */
                topic?: "order.commands" | "order.events" | "inventory.commands" | "inventory.events" | "payment.commands" | "payment.events" | "shipment.commands" | "shipment.events";
                /** @description Only from this service */
                source?: "order" | "inventory" | "payment" | "shipment" | "orchestrator";
            };
            header?: {
                /** @description The id of the last event that was received: the stream goes on after it */
                "Last-Event-ID"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Stream"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description Only in this topic */
                topic?: "order.commands" | "order.events" | "inventory.commands" | "inventory.events" | "payment.commands" | "payment.events" | "shipment.commands" | "shipment.events";
                /** @description Only in this partition of each topic */
                partition?: number;
                /** @description Only with this key, such as the id of an order */
                key?: string;
                /** @description Only of this type; `*` stands for any characters, such as `*Refund*` */
                type?: string;
                /** @description Only from this service */
                source?: string;
                /** @description Only with this header: `name:value` */
                header?: string;
                /** @description Only with this text in the key, a header or the value, as JSON without spaces; case does not matter */
                text?: string;
                /** @description A point between two records: `earliest`, `latest`, `offset:42` in each partition, `time:2026-11-27T08:18:00Z`, or `group:` and the name of a consumer group: where it stands, in the topics that it reads. Default: `latest` */
                from?: string;
                /** @description From there on, or back. Default: `backward` from `latest`, else `forward` */
                direction?: "forward" | "backward";
                /** @description `nextCursor` or `prevCursor` of a page with the same parameters, which are given again. It says where the page begins, and its direction */
                cursor?: string;
                /** @description How many items at most */
                limit?: number;
            };
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages. Of a value that is longer, 32 kB are shown */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
        };
    };
    readMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                topic: "order.commands" | "order.events" | "inventory.commands" | "inventory.events" | "payment.commands" | "payment.events" | "shipment.commands" | "shipment.events";
                partition: number;
                offset: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message. A batch that cannot be read stands at its last offset for all of its records */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogMessage"];
                };
            };
        };
    };
    listTopics: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All topics */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topics"];
                };
            };
        };
    };
    listGroups: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group of each service */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsumerGroups"];
                };
            };
        };
    };
    readSystem: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description `no-store` */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description `no-store` */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    readRoot: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version, and links; for browsers the console */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiIndex"];
                    "text/html": string;
                };
            };
            /** @description The console is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ordersPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    comparePage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    orderPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The page says so when there is no such order */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    messagesPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    messagePage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                topic: string;
                partition: string;
                /** @description The page says so when there is no such message */
                offset: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    topicsPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    groupPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The page says so when there is no such group */
                groupId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    sagasPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    sagaPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The page says so when there is no such saga */
                sagaId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    operationsPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    playgroundPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    productsPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    productPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The page says so when there is no such product */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    parkedPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    contentionPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    consoleFile: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description As the page names it: its content is a part of its name */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, which never changes */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description `public, max-age=31536000, immutable` */
                    "Cache-Control"?: string;
                    /** @description `Accept-Encoding` */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                    "text/css": string;
                    "image/svg+xml": string;
                };
            };
        };
    };
    readApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version, and links */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description `Accept` */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiIndex"];
                };
            };
            /** @description To the page, for browsers */
            302: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description `/docs` */
                    Location?: string;
                    /** @description `Accept` */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readDocs: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page that loads nothing else */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept-Encoding`: it comes compressed to those who take gzip */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept-Encoding`: it comes compressed to those who take gzip */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readOpenApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept-Encoding`: it comes compressed to those who take gzip */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenApiDocument"];
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept-Encoding`: it comes compressed to those who take gzip */
                    Vary?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    labPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of an earlier answer */
                "If-None-Match"?: string;
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, whose script asks the API for what it shows */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description It is still as the answer that If-None-Match names */
            304: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    /** @description Changes with every byte */
                    ETag?: string;
                    /** @description `Accept`, `Accept-Encoding` */
                    Vary?: string;
                    /** @description `same-origin`, of the page */
                    "Cross-Origin-Opener-Policy"?: string;
                    /** @description What no script of the page may use of the device */
                    "Permissions-Policy"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listFaults: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaultList"];
                };
            };
        };
    };
    makeFault: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFault"];
            };
        };
        responses: {
            /** @description The fault is on, or waits for a process to come to its pause point */
            201: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
        };
    };
    healFaults: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description None is on any more */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Healed"];
                };
            };
        };
    };
    healFault: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description As making it was answered */
                faultId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fault"];
                };
            };
        };
    };
    readDoctor: {
        parameters: {
            query?: never;
            header?: {
                /** @description Becomes the id of the request in logs and problems; without it, a new one does */
                "X-Request-Id"?: components["parameters"]["X-Request-Id"];
                /** @description W3C Trace Context: the order, its messages and all logs continue this trace */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    /** @description The id of the request in logs and problems */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorReport"];
                };
            };
        };
    };
}
