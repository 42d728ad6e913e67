/** Answers those who run the bank and those who audit it. */
@NullMarked
package io.kontor.query.admin;

import org.jspecify.annotations.NullMarked;
