/**
 * The parties outside the bank that payments and orders need, for trying out and for tests: a
 * clearing house and a shipping carrier, which can be told to go wrong. It knows nothing of Kontor
 * but the HTTP it is called with and calls.
 */
@NullMarked
package io.kontor.counterparty;

import org.jspecify.annotations.NullMarked;
