/**
 * Simulates the parties outside the bank, for trials and tests: a clearing house and a carrier,
 * with configurable faults. It shares only the HTTP contract with Kontor, no code.
 */
@NullMarked
package io.kontor.simulator;

import org.jspecify.annotations.NullMarked;
