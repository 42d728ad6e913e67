/**
 * The web pages for people: wiring and settings. The console is a client of the HTTP API and holds
 * no rule of the bank.
 */
@NullMarked
package io.kontor.console;

import org.jspecify.annotations.NullMarked;
