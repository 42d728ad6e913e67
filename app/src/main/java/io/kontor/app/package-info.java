/**
 * Kontor as a program: its command line, where its parts meet, and what it refuses to start with.
 * No rule of the bank is here.
 */
@NullMarked
package io.kontor.app;

import org.jspecify.annotations.NullMarked;
