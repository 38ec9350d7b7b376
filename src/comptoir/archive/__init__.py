"""What is derived from kept documents: texts, pictures, the index that finds them. It can be deleted and made anew."""
