/** What the bank's modules say to each other about statements. */
@NullMarked
package io.kontor.api.statement;

import org.jspecify.annotations.NullMarked;
