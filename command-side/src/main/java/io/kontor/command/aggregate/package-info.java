/** What the aggregates share: bounded memory of what ended, expected versions, unknown ids. */
@NullMarked
package io.kontor.command.aggregate;

import org.jspecify.annotations.NullMarked;
