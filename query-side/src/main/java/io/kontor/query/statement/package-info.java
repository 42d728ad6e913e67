/** Statements of accounts: documents that jobs write, stored sealed until they are too old. */
@NullMarked
package io.kontor.query.statement;

import org.jspecify.annotations.NullMarked;
