/** The schema that a connection works in. */
@NullMarked
package io.kontor.database.schema;

import org.jspecify.annotations.NullMarked;
